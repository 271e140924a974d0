-- Made once the first load is in: filling an empty store is much faster without them.
CREATE INDEX IF NOT EXISTS record_vulnerability ON record (vulnerability_id);
CREATE INDEX IF NOT EXISTS record_source ON record (source, name);
CREATE INDEX IF NOT EXISTS criterion_product ON criterion (product_id, lo, hi, flags, vulnerability_id, since, until, asked_id){covering};
CREATE INDEX IF NOT EXISTS record_retired ON record (until) WHERE until < 4611686018427387904;
