-- The vulnerability store, on either engine: dialects.py says what each word in braces stands for.
--
-- A row is visible in generation g when since <= g < until. A feed load writes rows of generation g + 1 in small
-- transactions and then moves `store_state.generation` in one: readers see the whole load or none of it.

CREATE TABLE store_state (
  name {text} PRIMARY KEY,
  value BIGINT NOT NULL
);

-- One row per name a vulnerability goes by. `lead_id` is the name its whole alias group is shown under.
CREATE TABLE vulnerability (
  id {id},
  name {text} NOT NULL UNIQUE,
  lead_id BIGINT NOT NULL
);
CREATE INDEX vulnerability_lead ON vulnerability (lead_id);

-- What one source says of one vulnerability: what decides the order of rows. `conditions` are the configurations that
-- need more than one criterion. The rest is in `telling`: this table stays narrow, since a scan reads it at random.
CREATE TABLE record (
  id {id},
  source {text} NOT NULL,
  name {text} NOT NULL,
  vulnerability_id BIGINT NOT NULL,
  state {text} NOT NULL,
  modified {text} NOT NULL,
  digest {bytes} NOT NULL,
  ratings {bytes} NOT NULL,
  ssvc {bytes} NOT NULL,
  conditions {bytes} NOT NULL,
  run_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL
);

-- The whole Record in its source's words (MessagePack, zstd).
CREATE TABLE telling (
  record_id {id},
  words {bytes} NOT NULL
);

-- One-to-one aliases a record states; groups are made of these alone.
CREATE TABLE alias (
  record_id BIGINT NOT NULL,
  vulnerability_id BIGINT NOT NULL,
  alias_id BIGINT NOT NULL,
  PRIMARY KEY (record_id, alias_id)
);

-- A product as a source names it, with the scheme its ranges are keyed in. `word` is the last part of the name.
CREATE TABLE product (
  id {id},
  kind {text} NOT NULL,
  name {text} NOT NULL,
  scheme {text} NOT NULL,
  word {text} NOT NULL,
  UNIQUE (kind, name, scheme)
);
CREATE INDEX product_word ON product (word);

-- What criteria ask for beyond a version (`update:edition:…:other` of a CPE name), each wording once; id 0 asks nothing.
CREATE TABLE asked (
  id {id},
  words {text} NOT NULL UNIQUE
);

-- A half-open range of one product's version keys: lo <= key < hi. `flags` are those of flags.Flag.
CREATE TABLE criterion (
  record_id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  vulnerability_id BIGINT NOT NULL,
  product_id BIGINT NOT NULL,
  lo {bytes} NOT NULL,
  hi {bytes} NOT NULL,
  flags INTEGER NOT NULL,
  asked_id INTEGER NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (record_id, position)
){clustered};

-- Criteria the firm has retired, by their source's words (retired.fingerprint): written as retired whenever they come.
CREATE TABLE retired_criterion (
  source {text} NOT NULL,
  record {text} NOT NULL,
  fingerprint {text} NOT NULL,
  why {text} NOT NULL,
  PRIMARY KEY (source, record, fingerprint)
);

CREATE TABLE kev (
  cve {text} NOT NULL,
  entry {bytes} NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (cve, since)
){clustered};

CREATE TABLE epss (
  cve {text} NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  percentile DOUBLE PRECISION NOT NULL,
  date {text} NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (cve, since)
){clustered};

-- Every load, kept whether it went well or not. Times are RFC 3339 in UTC; `heard` is when the source itself was last
-- asked and answered, empty for files that came another way.
CREATE TABLE feed_run (
  id {id},
  source {text} NOT NULL,
  generation BIGINT NOT NULL,
  started {text} NOT NULL,
  finished {text} NOT NULL,
  state {text} NOT NULL,
  items BIGINT NOT NULL,
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  data_as_of {text} NOT NULL,
  heard {text} NOT NULL
);

-- Every file a run read; `sha256` is of its bytes as they came, which are kept as evidence. `state` is done only when
-- nothing in it was refused, and `readers` the version of the readers that read it.
CREATE TABLE feed_file (
  id {id},
  run_id BIGINT NOT NULL,
  source {text} NOT NULL,
  name {text} NOT NULL,
  sha256 {text} NOT NULL,
  bytes BIGINT NOT NULL,
  readers BIGINT NOT NULL,
  state {text} NOT NULL
);
CREATE INDEX feed_file_sha256 ON feed_file (sha256, source);

CREATE TABLE refusal (
  run_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  place {text} NOT NULL,
  why {text} NOT NULL,
  PRIMARY KEY (run_id, position)
);

-- What identities state beyond their version, in the same form; id 0 states nothing.
CREATE TABLE stated (
  id {id},
  words {text} NOT NULL UNIQUE
);

-- The portfolio: every distinct identity of every stored SBOM, once; `packed` is the Identity (MessagePack).
CREATE TABLE identity (
  id {id},
  digest {bytes} NOT NULL UNIQUE,
  stated_id INTEGER NOT NULL,
  packed {bytes} NOT NULL
);

-- What it can be looked up by, kept for products that no source has named yet.
CREATE TABLE identity_name (
  kind {text} NOT NULL,
  name {text} NOT NULL,
  identity_id BIGINT NOT NULL,
  exact INTEGER NOT NULL,
  rung INTEGER NOT NULL,
  version {text} NOT NULL,
  PRIMARY KEY (kind, name, identity_id, exact)
){clustered};
CREATE INDEX identity_name_identity ON identity_name (identity_id);

-- The products it goes by, with its version's key in their scheme and what its CPE name states further.
CREATE TABLE identity_product (
  product_id BIGINT NOT NULL,
  version_key {bytes} NOT NULL,
  identity_id BIGINT NOT NULL,
  exact INTEGER NOT NULL,
  rung INTEGER NOT NULL,
  stated_id INTEGER NOT NULL,
  PRIMARY KEY (product_id, version_key, identity_id, exact)
){clustered};

-- Once per identity and vulnerability; `evidence` names the surest criterion (see portfolio.PortfolioEvidence).
CREATE TABLE match (
  vulnerability_id BIGINT NOT NULL,
  identity_id BIGINT NOT NULL,
  evidence BIGINT NOT NULL,
  PRIMARY KEY (vulnerability_id, identity_id)
){clustered};

INSERT INTO store_state (name, value) VALUES ('schema', 3);
INSERT INTO store_state (name, value) VALUES ('generation', 0);
INSERT INTO store_state (name, value) VALUES ('matched', 0);
INSERT INTO store_state (name, value) VALUES ('resolved_product', 0);
