-- Plans of beneficiaries and cases. `owner_id` is the case or the beneficiary, which has one open plan of a kind. `end_note` is sealed.
CREATE TABLE plans (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL CONSTRAINT plans_kind_check CHECK (kind IN ('route', 'development_placement', 'corrective', 'trajectory', 'education_route', 'life_plan', 'prevention')),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  case_id UUID NULL REFERENCES cases (id),
  owner_id UUID NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  opened_on DATE NOT NULL,
  review_on DATE NULL,
  ended_on DATE NULL,
  end_reason TEXT NULL,
  end_note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT plans_end_check CHECK ((ended_on IS NULL) = (end_reason IS NULL)),
  CONSTRAINT plans_case_check CHECK ((case_id IS NULL) = (kind IN ('life_plan', 'education_route')))
);
CREATE UNIQUE INDEX plans_owner_id_kind_key ON plans (owner_id, kind) WHERE ended_on IS NULL;
CREATE INDEX plans_beneficiary ON plans (beneficiary_id, id);
CREATE INDEX plans_case ON plans (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX plans_review ON plans (review_on, id) WHERE review_on IS NOT NULL AND ended_on IS NULL;
CREATE INDEX plans_organization_review ON plans (organization_id, review_on, id) WHERE review_on IS NOT NULL AND ended_on IS NULL;

-- Versions of plans. `text` and `return_reason` are sealed.
CREATE TABLE plan_versions (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  plan_id UUID NOT NULL REFERENCES plans (id),
  number INTEGER NOT NULL CONSTRAINT plan_versions_number_check CHECK (number >= 1),
  form_id UUID NOT NULL REFERENCES plan_forms (id),
  state TEXT NOT NULL CONSTRAINT plan_versions_state_check CHECK (state IN ('draft', 'submitted', 'returned', 'adopted', 'superseded')),
  text TEXT NOT NULL,
  approvals JSONB NOT NULL,
  drafted_by UUID NULL REFERENCES users (id),
  submitted_by UUID NULL REFERENCES users (id),
  submitted_on DATE NULL,
  adopted_on DATE NULL,
  return_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT plan_versions_adopted_check CHECK ((adopted_on IS NOT NULL) = (state IN ('adopted', 'superseded'))),
  CONSTRAINT plan_versions_returned_check CHECK ((return_reason IS NOT NULL) = (state = 'returned'))
);
CREATE UNIQUE INDEX plan_versions_plan_id_number_key ON plan_versions (plan_id, number);
CREATE UNIQUE INDEX plan_versions_plan_id_key ON plan_versions (plan_id) WHERE state IN ('draft', 'submitted');
CREATE UNIQUE INDEX plan_versions_adopted_key ON plan_versions (plan_id) WHERE state = 'adopted';

-- Results of goals and steps, appended. `note` is sealed.
CREATE TABLE plan_results (
  id UUID NOT NULL PRIMARY KEY,
  plan_id UUID NOT NULL REFERENCES plans (id),
  version_id UUID NOT NULL REFERENCES plan_versions (id),
  key TEXT NOT NULL,
  state TEXT NOT NULL CONSTRAINT plan_results_state_check CHECK (state IN ('planned', 'in_progress', 'done', 'partly', 'not_done', 'dropped')),
  happened_on DATE NOT NULL,
  moved_to DATE NULL,
  note TEXT NULL,
  made_by UUID NULL REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_results_plan ON plan_results (plan_id, id);

-- A term that ends without the life plan. SQLite cannot alter a CHECK: it is changed in the schema text, as in 0029.
--postgres ALTER TABLE mentorships DROP CONSTRAINT mentorships_termination_ground_check;
--postgres ALTER TABLE mentorships ADD CONSTRAINT mentorships_termination_ground_check CHECK (termination_ground IN
--postgres   ('written_refusal', 'removed_by_director', 'other_objective', 'consent_withdrawn', 'meetings_not_held', 'recipient_died', 'life_plan_missing'));
--sqlite PRAGMA writable_schema = ON;
--sqlite UPDATE sqlite_schema SET sql = replace(sql, '''meetings_not_held'', ''recipient_died'')', '''meetings_not_held'', ''recipient_died'', ''life_plan_missing'')')
--sqlite   WHERE type = 'table' AND name = 'mentorships';
--sqlite PRAGMA writable_schema = RESET;
