CREATE FUNCTION records_redact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.content IS NULL AND NEW.salt IS NULL AND NEW.id = OLD.id AND NEW.media_type = OLD.media_type
        AND NEW.sha256 = OLD.sha256 AND NEW.kept_at = OLD.kept_at THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'records are append-only: private data can only be redacted' USING ERRCODE = 'integrity_constraint_violation';
END
$$

CREATE TRIGGER records_evidence_no_update BEFORE UPDATE ON records_evidence FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_signature_no_update BEFORE UPDATE ON records_signature FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_signedtarget_no_update BEFORE UPDATE ON records_signedtarget FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_evidence_no_delete BEFORE DELETE ON records_evidence FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_evidence_no_truncate BEFORE TRUNCATE ON records_evidence FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_signature_no_delete BEFORE DELETE ON records_signature FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_signature_no_truncate BEFORE TRUNCATE ON records_signature FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_signedtarget_no_delete BEFORE DELETE ON records_signedtarget FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_signedtarget_no_truncate BEFORE TRUNCATE ON records_signedtarget FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_privatedatum_no_delete BEFORE DELETE ON records_privatedatum FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_privatedatum_no_truncate BEFORE TRUNCATE ON records_privatedatum FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_privatedatum_redact BEFORE UPDATE ON records_privatedatum FOR EACH ROW EXECUTE FUNCTION records_redact()
