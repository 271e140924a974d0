CREATE TRIGGER records_entry_no_replace BEFORE INSERT ON records_entry
WHEN EXISTS (SELECT 1 FROM records_entry WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'records are append-only: no REPLACE in records_entry'); END

CREATE TRIGGER records_head_no_replace BEFORE INSERT ON records_head
WHEN EXISTS (SELECT 1 FROM records_head WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'records are append-only: no REPLACE in records_head'); END

CREATE TRIGGER records_evidence_no_replace BEFORE INSERT ON records_evidence
WHEN EXISTS (SELECT 1 FROM records_evidence WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'records are append-only: no REPLACE in records_evidence'); END

CREATE TRIGGER records_signature_no_replace BEFORE INSERT ON records_signature
WHEN EXISTS (SELECT 1 FROM records_signature WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'records are append-only: no REPLACE in records_signature'); END

CREATE TRIGGER records_signedtarget_no_replace BEFORE INSERT ON records_signedtarget
WHEN EXISTS (SELECT 1 FROM records_signedtarget WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'records are append-only: no REPLACE in records_signedtarget'); END

CREATE TRIGGER records_privatedatum_no_replace BEFORE INSERT ON records_privatedatum
WHEN EXISTS (SELECT 1 FROM records_privatedatum WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'records are append-only: no REPLACE in records_privatedatum'); END
