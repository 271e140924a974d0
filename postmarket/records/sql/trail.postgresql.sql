CREATE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records are append-only: no % of %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$

CREATE FUNCTION records_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id = OLD.id AND NEW.chain = OLD.chain AND NEW.number > OLD.number THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'records are append-only: the head only moves forward' USING ERRCODE = 'integrity_constraint_violation';
END
$$

CREATE TRIGGER records_entry_no_update BEFORE UPDATE ON records_entry FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_entry_no_delete BEFORE DELETE ON records_entry FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_entry_no_truncate BEFORE TRUNCATE ON records_entry FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_head_forward BEFORE UPDATE ON records_head FOR EACH ROW EXECUTE FUNCTION records_forward()

CREATE TRIGGER records_head_no_delete BEFORE DELETE ON records_head FOR EACH ROW EXECUTE FUNCTION records_refuse()

CREATE TRIGGER records_head_no_truncate BEFORE TRUNCATE ON records_head FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()
