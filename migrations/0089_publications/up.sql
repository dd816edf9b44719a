-- Replications of practices, publications, nominations, success stories.
CREATE TABLE replications (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  practice_id UUID NOT NULL REFERENCES practices (id),
  adopter_id UUID NULL REFERENCES organizations (id),
  adopter TEXT NULL,
  region TEXT NULL,
  territory TEXT NULL,
  started_on DATE NOT NULL,
  ended_on DATE NULL,
  adapted TEXT NULL,
  event_id UUID NULL REFERENCES events (id),
  file_id UUID NULL REFERENCES files (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX replications_practice ON replications (practice_id, started_on DESC, id DESC);
CREATE INDEX replications_adopter ON replications (practice_id, adopter_id, started_on DESC, id DESC);

CREATE TABLE publications (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  title_key TEXT /*C*/ NOT NULL,
  kind TEXT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  year INTEGER NOT NULL,
  published_on DATE NULL,
  authors TEXT NULL,
  circulation INTEGER NULL,
  topic TEXT NULL,
  audience TEXT NULL,
  text TEXT NULL,
  link TEXT NULL,
  practice_id UUID NULL REFERENCES practices (id),
  project_id UUID NULL REFERENCES projects (id),
  event_id UUID NULL REFERENCES events (id),
  file_id UUID NULL REFERENCES files (id),
  valid_until DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX publications_title ON publications (title_key, id);
CREATE INDEX publications_organization ON publications (organization_id, title_key, id);
CREATE INDEX publications_kind ON publications (kind, title_key, id);
CREATE INDEX publications_topic ON publications (topic, title_key, id);

-- `text` is sealed.
CREATE TABLE nominations (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  award TEXT NOT NULL,
  category TEXT NULL,
  giver TEXT NOT NULL,
  reach TEXT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  subject TEXT NOT NULL,
  person_id UUID NULL REFERENCES people (id),
  beneficiary_id UUID NULL REFERENCES beneficiaries (id),
  project_id UUID NULL REFERENCES projects (id),
  practice_id UUID NULL REFERENCES practices (id),
  nominee_id UUID NULL REFERENCES organizations (id),
  text TEXT NOT NULL,
  consent_file_id UUID NULL REFERENCES files (id),
  state TEXT NOT NULL,
  sent_on DATE NULL,
  decided_on DATE NULL,
  prize TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX nominations_order ON nominations (id) WHERE annulment_reason IS NULL;
CREATE INDEX nominations_organization ON nominations (organization_id, id);
CREATE INDEX nominations_subject ON nominations (organization_id, subject, id);
CREATE INDEX nominations_state ON nominations (organization_id, state, id);
CREATE INDEX nominations_awarded ON nominations (state, subject, id);
CREATE INDEX nominations_person ON nominations (person_id, state, id) WHERE person_id IS NOT NULL;
CREATE INDEX nominations_beneficiary ON nominations (beneficiary_id, state, id) WHERE beneficiary_id IS NOT NULL;

-- `text` is sealed. Nobody reads a story after `shown_until`.
CREATE TABLE success_stories (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  person_id UUID NULL REFERENCES people (id),
  practice_id UUID NULL REFERENCES practices (id),
  text TEXT NOT NULL,
  anonymous BOOLEAN NOT NULL,
  photo_ids JSONB NOT NULL,
  consent_file_id UUID NULL REFERENCES files (id),
  state TEXT NOT NULL,
  published_on DATE NULL,
  shown_until DATE NULL,
  withdrawn_on DATE NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX success_stories_organization ON success_stories (organization_id, id);
CREATE INDEX success_stories_state_of ON success_stories (organization_id, state, id);
CREATE INDEX success_stories_state ON success_stories (state, id);
CREATE INDEX success_stories_person ON success_stories (person_id, state, id) WHERE person_id IS NOT NULL;
