-- Events with the numbers of their people, participants, hours of volunteers, and ideas. `event_participants.note` is sealed.
CREATE TABLE events (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  kind_text TEXT NULL,
  level TEXT NOT NULL,
  project_id UUID NULL REFERENCES projects (id),
  program_id UUID NULL REFERENCES programs (id),
  club_id UUID NULL REFERENCES clubs (id),
  agreement_id UUID NULL REFERENCES agreements (id),
  council_id UUID NULL REFERENCES councils (id),
  package_id UUID NULL REFERENCES action_packages (id),
  territory TEXT /*C*/ NULL,
  place TEXT NULL,
  online BOOLEAN NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NULL,
  hours TEXT NULL,
  aims TEXT NULL,
  technologies JSONB NOT NULL,
  audiences JSONB NOT NULL,
  programme JSONB NOT NULL,
  co_organizer_ids JSONB NOT NULL,
  information_partner_ids JSONB NOT NULL,
  host_id UUID NULL REFERENCES organizations (id),
  registration TEXT NOT NULL,
  registration_until DATE NULL,
  seats INTEGER NULL,
  state TEXT NOT NULL CONSTRAINT events_state_check CHECK (state IN ('planned', 'held', 'cancelled')),
  held_on DATE NULL,
  cancel_reason TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT events_held_check CHECK ((state = 'held') = (held_on IS NOT NULL)),
  CONSTRAINT events_ends_check CHECK (ends_on >= starts_on)
);
CREATE INDEX events_day ON events (starts_on DESC, id DESC) WHERE annulment_reason IS NULL;
CREATE INDEX events_annulled ON events (starts_on DESC, id DESC) WHERE annulment_reason IS NOT NULL;
CREATE INDEX events_organization ON events (organization_id, starts_on DESC, id DESC);
CREATE INDEX events_project ON events (project_id, starts_on DESC, id DESC);
CREATE INDEX events_club ON events (club_id, starts_on DESC, id DESC);
CREATE INDEX events_package ON events (package_id, starts_on DESC, id DESC);
CREATE INDEX events_agreement ON events (agreement_id, starts_on DESC, id DESC);
CREATE INDEX events_council ON events (council_id, starts_on DESC, id DESC);
CREATE INDEX events_territory ON events (territory, starts_on DESC, id DESC);
CREATE INDEX events_held ON events (held_on, id) WHERE held_on IS NOT NULL;
CREATE INDEX events_organization_held ON events (organization_id, held_on, id) WHERE held_on IS NOT NULL;
ALTER TABLE partner_interactions ADD COLUMN event_id UUID NULL REFERENCES events (id);

-- A version of the numbers of people; the latest that stands is in force.
CREATE TABLE event_attendances (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  event_id UUID NOT NULL REFERENCES events (id),
  counted_on DATE NOT NULL,
  minutes INTEGER NULL,
  counts JSONB NOT NULL,
  organization_ids JSONB NOT NULL,
  results TEXT NULL,
  corrects_id UUID NULL REFERENCES event_attendances (id),
  reason TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX event_attendances_event ON event_attendances (event_id, id);

CREATE TABLE event_participants (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  event_id UUID NOT NULL REFERENCES events (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  person_id UUID NOT NULL REFERENCES people (id),
  audience TEXT NOT NULL,
  role TEXT NOT NULL,
  note TEXT NULL,
  state TEXT NOT NULL CONSTRAINT event_participants_state_check CHECK (state IN ('registered', 'waiting', 'attended', 'absent', 'cancelled')),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX event_participants_event_id_person_id_key ON event_participants (event_id, person_id) WHERE state <> 'cancelled';
CREATE INDEX event_participants_organization ON event_participants (organization_id, id DESC);
CREATE INDEX event_participants_person ON event_participants (person_id, id DESC);
CREATE INDEX event_participants_event ON event_participants (event_id, id DESC);
CREATE INDEX event_participants_state ON event_participants (event_id, state, id);

CREATE TABLE volunteer_work (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  event_id UUID NOT NULL REFERENCES events (id),
  person_id UUID NULL REFERENCES people (id),
  group_id UUID NULL REFERENCES volunteer_groups (id),
  people INTEGER NULL,
  worked_on DATE NOT NULL,
  minutes INTEGER NOT NULL,
  work TEXT NULL,
  state TEXT NOT NULL CONSTRAINT volunteer_work_state_check CHECK (state IN ('recorded', 'confirmed', 'rejected')),
  rejection_reason TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX volunteer_work_event ON volunteer_work (event_id, worked_on DESC, id DESC);
CREATE INDEX volunteer_work_person ON volunteer_work (person_id, worked_on);

CREATE TABLE ideas (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  noticed_on DATE NOT NULL,
  event_id UUID NULL REFERENCES events (id),
  audience TEXT NULL,
  of_specialists BOOLEAN NOT NULL,
  problem TEXT NULL,
  idea TEXT NULL,
  technology TEXT NULL,
  state TEXT NOT NULL CONSTRAINT ideas_state_check CHECK (state IN ('new', 'considered', 'adopted', 'declined')),
  project_id UUID NULL REFERENCES projects (id),
  practice_id UUID NULL REFERENCES practices (id),
  task_id UUID NULL REFERENCES tasks (id),
  decline_reason TEXT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ideas_day ON ideas (noticed_on DESC, id DESC) WHERE annulment_reason IS NULL;
CREATE INDEX ideas_annulled ON ideas (noticed_on DESC, id DESC) WHERE annulment_reason IS NOT NULL;
CREATE INDEX ideas_organization ON ideas (organization_id, noticed_on DESC, id DESC);
CREATE INDEX ideas_event ON ideas (event_id, noticed_on DESC, id DESC);
