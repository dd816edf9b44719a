-- Clubs, groups of volunteers, practices, trainings of specialists, and the people in clubs and groups.
CREATE TABLE clubs (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  kind TEXT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  host_id UUID NOT NULL REFERENCES organizations (id),
  opened_on DATE NOT NULL,
  closed_on DATE NULL,
  meets TEXT NULL,
  about TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX clubs_name ON clubs (name_key, id);
CREATE INDEX clubs_organization ON clubs (organization_id, name_key, id);
CREATE INDEX clubs_host ON clubs (host_id, name_key, id);
CREATE INDEX clubs_kind ON clubs (kind, name_key, id);

-- `made_of` is read by the owner only, where it tells of an offence or an illness.
CREATE TABLE volunteer_groups (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  source TEXT NOT NULL,
  source_organization_id UUID NULL REFERENCES organizations (id),
  formed_on DATE NOT NULL,
  disbanded_on DATE NULL,
  audiences JSONB NOT NULL,
  made_of TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX volunteer_groups_name ON volunteer_groups (name_key, id);
CREATE INDEX volunteer_groups_organization ON volunteer_groups (organization_id, name_key, id);
CREATE INDEX volunteer_groups_source ON volunteer_groups (source, name_key, id);

CREATE TABLE practices (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  technology TEXT NOT NULL,
  audiences JSONB NOT NULL,
  about TEXT NOT NULL,
  stage TEXT NOT NULL,
  evidence TEXT NOT NULL,
  program_id UUID NULL REFERENCES programs (id),
  project_ids JSONB NOT NULL,
  file_ids JSONB NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX practices_name ON practices (name_key, id);
CREATE INDEX practices_organization ON practices (organization_id, name_key, id);
CREATE INDEX practices_technology ON practices (technology, name_key, id);
CREATE INDEX practices_stage ON practices (stage, name_key, id);
CREATE INDEX practices_evidence ON practices (evidence, name_key, id);

CREATE TABLE specialist_trainings (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  user_id UUID NULL REFERENCES users (id),
  person_id UUID NULL REFERENCES people (id),
  name TEXT NOT NULL,
  provider TEXT NOT NULL,
  kind TEXT NOT NULL,
  hours INTEGER NOT NULL,
  ended_on DATE NOT NULL,
  certificate_number TEXT NULL,
  file_id UUID NULL REFERENCES files (id),
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX specialist_trainings_ended ON specialist_trainings (ended_on DESC, id DESC) WHERE annulment_reason IS NULL;
CREATE INDEX specialist_trainings_of_kind ON specialist_trainings (kind, ended_on DESC, id DESC);
CREATE INDEX specialist_trainings_organization ON specialist_trainings (organization_id, ended_on DESC, id DESC);
CREATE INDEX specialist_trainings_kind ON specialist_trainings (organization_id, kind, ended_on DESC, id DESC);
CREATE INDEX specialist_trainings_user ON specialist_trainings (user_id, ended_on DESC, id DESC);
CREATE INDEX specialist_trainings_person ON specialist_trainings (person_id, ended_on DESC, id DESC);

-- The people in clubs and in groups of volunteers. `reason` is sealed. Nobody is in one place twice at a time.
CREATE TABLE community_members (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  club_id UUID NULL REFERENCES clubs (id),
  volunteer_group_id UUID NULL REFERENCES volunteer_groups (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  person_id UUID NOT NULL REFERENCES people (id),
  role TEXT NOT NULL,
  joined_on DATE NOT NULL,
  left_on DATE NULL,
  reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT community_members_of_one CHECK ((club_id IS NULL) <> (volunteer_group_id IS NULL))
);
CREATE INDEX community_members_club ON community_members (club_id, id) WHERE club_id IS NOT NULL;
CREATE INDEX community_members_group ON community_members (volunteer_group_id, id) WHERE volunteer_group_id IS NOT NULL;
CREATE UNIQUE INDEX community_members_person_id_club_id_key ON community_members (person_id, club_id) WHERE left_on IS NULL AND club_id IS NOT NULL;
CREATE UNIQUE INDEX community_members_person_id_volunteer_group_id_key ON community_members (person_id, volunteer_group_id) WHERE left_on IS NULL AND volunteer_group_id IS NOT NULL;
CREATE INDEX community_members_person ON community_members (person_id, id);
