-- Editions of the matching rules, rounds with their proposals, and the specialist's answer to a proposed mentorship.
CREATE TABLE matching_rules (
  id UUID NOT NULL PRIMARY KEY,
  program_id UUID NOT NULL REFERENCES programs (id),
  number INTEGER NOT NULL,
  effective_from DATE NOT NULL,
  form JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX matching_rules_program_id_number_key ON matching_rules (program_id, number);

-- `result` holds totals and ids. `kept` is the sealed data from which the round can be explained again.
CREATE TABLE matching_rounds (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  program_id UUID NOT NULL REFERENCES programs (id),
  edition_id UUID NOT NULL REFERENCES editions (id),
  organization_id UUID NULL REFERENCES organizations (id),
  territory TEXT /*C*/ NULL,
  kind TEXT NOT NULL CONSTRAINT matching_rounds_kind_check CHECK (kind IN ('full', 'delta')),
  state TEXT NOT NULL CONSTRAINT matching_rounds_state_check
    CHECK (state IN ('computing', 'ready', 'publishing', 'published', 'failed', 'cancelled')),
  as_of DATE NOT NULL,
  rules_id UUID NULL REFERENCES matching_rules (id),
  rules JSONB NOT NULL,
  previous_id UUID NULL REFERENCES matching_rounds (id),
  job_id UUID NOT NULL REFERENCES jobs (id),
  made_by UUID NOT NULL REFERENCES users (id),
  run INTEGER NOT NULL,
  result JSONB NULL,
  kept TEXT NULL,
  input_digest TEXT NULL,
  computed_at TIMESTAMPTZ NULL,
  starts_on DATE NULL,
  ends_on DATE NULL,
  tutor_user_id UUID NULL REFERENCES users (id),
  published_at TIMESTAMPTZ NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT matching_rounds_result_check CHECK ((result IS NULL) = (computed_at IS NULL) AND (result IS NULL) = (kept IS NULL)),
  CONSTRAINT matching_rounds_ready_check CHECK (state NOT IN ('ready', 'publishing', 'published') OR computed_at IS NOT NULL),
  CONSTRAINT matching_rounds_published_check CHECK (state <> 'published' OR published_at IS NOT NULL),
  CONSTRAINT matching_rounds_starts_on_check CHECK (state NOT IN ('publishing', 'published') OR starts_on IS NOT NULL)
);
CREATE INDEX matching_rounds_program ON matching_rounds (program_id, id DESC);
CREATE INDEX matching_rounds_organization ON matching_rounds (organization_id, id DESC);

-- `assessment` is sealed, because it tells what two people have in common.
CREATE TABLE matching_proposals (
  id UUID NOT NULL PRIMARY KEY,
  round_id UUID NOT NULL REFERENCES matching_rounds (id),
  run INTEGER NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  origin TEXT NOT NULL,
  priority INTEGER NOT NULL,
  choice INTEGER NOT NULL,
  fit INTEGER NOT NULL,
  assessment TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT matching_proposals_state_check CHECK (state IN ('pending', 'published', 'refused')),
  mentorship_id UUID NULL REFERENCES mentorships (id),
  refusals JSONB NULL,
  CONSTRAINT matching_proposals_published_check CHECK ((state = 'published') = (mentorship_id IS NOT NULL)),
  CONSTRAINT matching_proposals_refused_check CHECK ((state = 'refused') = (refusals IS NOT NULL))
);
CREATE UNIQUE INDEX matching_proposals_round_id_run_beneficiary_id_key ON matching_proposals (round_id, run, beneficiary_id);
CREATE INDEX matching_proposals_pending ON matching_proposals (round_id, id) WHERE state = 'pending';
CREATE INDEX matching_proposals_mentorship ON matching_proposals (mentorship_id) WHERE mentorship_id IS NOT NULL;
CREATE INDEX matching_proposals_beneficiary ON matching_proposals (beneficiary_id, round_id);

CREATE TABLE matching_left_out (
  id UUID NOT NULL PRIMARY KEY,
  round_id UUID NOT NULL REFERENCES matching_rounds (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  priority INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail JSONB NOT NULL
);
CREATE INDEX matching_left_out_round ON matching_left_out (round_id, id);

CREATE TABLE matching_adjustments (
  round_id UUID NOT NULL REFERENCES matching_rounds (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  kind TEXT NOT NULL CONSTRAINT matching_adjustments_kind_check CHECK (kind IN ('pin', 'forbid')),
  made_by UUID NOT NULL REFERENCES users (id),
  made_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (round_id, beneficiary_id, mentor_id)
);

-- A row exists only for a proposal that also needs the answer of a specialist.
CREATE TABLE specialist_answers (
  mentorship_id UUID NOT NULL PRIMARY KEY REFERENCES mentorships (id),
  accepted_on DATE NULL,
  made_by UUID NULL REFERENCES users (id),
  CONSTRAINT specialist_answers_accepted_check CHECK ((accepted_on IS NULL) = (made_by IS NULL))
);

-- A specialist may decline. A proposal accepted by both sides may still wait for the specialist.
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_declined_by_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_declined_by_check CHECK (declined_by IN ('mentor', 'recipient', 'specialist'));
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_proposed_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_proposed_check CHECK (state <> 'proposed' OR starts_on IS NULL);
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(replace(sql, 'declined_by IN (''mentor'', ''recipient'')', 'declined_by IN (''mentor'', ''recipient'', ''specialist'')'),
--sqlite   'state <> ''proposed'' OR mentor_accepted_on IS NULL OR recipient_accepted_on IS NULL', 'state <> ''proposed'' OR starts_on IS NULL')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite PRAGMA writable_schema = RESET;
