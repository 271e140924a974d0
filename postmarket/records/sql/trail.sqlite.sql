CREATE TRIGGER records_entry_no_update BEFORE UPDATE ON records_entry
BEGIN SELECT RAISE(ABORT, 'records are append-only: no UPDATE of records_entry'); END

CREATE TRIGGER records_entry_no_delete BEFORE DELETE ON records_entry
BEGIN SELECT RAISE(ABORT, 'records are append-only: no DELETE from records_entry'); END

CREATE TRIGGER records_head_forward BEFORE UPDATE ON records_head
WHEN NOT (NEW.id = OLD.id AND NEW.chain = OLD.chain AND NEW.number > OLD.number)
BEGIN SELECT RAISE(ABORT, 'records are append-only: the head only moves forward'); END

CREATE TRIGGER records_head_no_delete BEFORE DELETE ON records_head
BEGIN SELECT RAISE(ABORT, 'records are append-only: no DELETE from records_head'); END
