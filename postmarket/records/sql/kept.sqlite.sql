CREATE TRIGGER records_evidence_no_update BEFORE UPDATE ON records_evidence
BEGIN SELECT RAISE(ABORT, 'records are append-only: no UPDATE of records_evidence'); END

CREATE TRIGGER records_signature_no_update BEFORE UPDATE ON records_signature
BEGIN SELECT RAISE(ABORT, 'records are append-only: no UPDATE of records_signature'); END

CREATE TRIGGER records_signedtarget_no_update BEFORE UPDATE ON records_signedtarget
BEGIN SELECT RAISE(ABORT, 'records are append-only: no UPDATE of records_signedtarget'); END

CREATE TRIGGER records_evidence_no_delete BEFORE DELETE ON records_evidence
BEGIN SELECT RAISE(ABORT, 'records are append-only: no DELETE from records_evidence'); END

CREATE TRIGGER records_signature_no_delete BEFORE DELETE ON records_signature
BEGIN SELECT RAISE(ABORT, 'records are append-only: no DELETE from records_signature'); END

CREATE TRIGGER records_signedtarget_no_delete BEFORE DELETE ON records_signedtarget
BEGIN SELECT RAISE(ABORT, 'records are append-only: no DELETE from records_signedtarget'); END

CREATE TRIGGER records_privatedatum_no_delete BEFORE DELETE ON records_privatedatum
BEGIN SELECT RAISE(ABORT, 'records are append-only: no DELETE from records_privatedatum'); END

CREATE TRIGGER records_privatedatum_redact BEFORE UPDATE ON records_privatedatum
WHEN NOT (NEW.content IS NULL AND NEW.salt IS NULL AND NEW.id = OLD.id AND NEW.media_type = OLD.media_type
    AND NEW.sha256 = OLD.sha256 AND NEW.kept_at = OLD.kept_at)
BEGIN SELECT RAISE(ABORT, 'records are append-only: private data can only be redacted'); END
