-- `reflection` and `note` (of a cancellation) are sealed. `at` is the actual time, or else the planned one.
CREATE TABLE group_meetings (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  state TEXT NOT NULL CONSTRAINT group_meetings_state_check CHECK (state IN ('planned', 'held', 'cancelled')),
  at TIMESTAMPTZ NOT NULL,
  planned_at TIMESTAMPTZ NOT NULL,
  method TEXT NOT NULL,
  purpose TEXT NOT NULL,
  led_by UUID NULL REFERENCES mentors (id),
  directions JSONB NOT NULL,
  topic TEXT NOT NULL,
  place TEXT NULL,
  online BOOLEAN NOT NULL,
  game_topic TEXT NULL,
  skills JSONB NOT NULL,
  began_at TIMESTAMPTZ NULL,
  minutes INTEGER NULL CONSTRAINT group_meetings_minutes_check CHECK (minutes BETWEEN 5 AND 720),
  held_directions JSONB NULL,
  held_topic TEXT NULL,
  reflection TEXT NULL,
  relationship_rating INTEGER NULL
    CONSTRAINT group_meetings_relationship_rating_check CHECK (relationship_rating BETWEEN 1 AND 5),
  cancellation_reason TEXT NULL,
  note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT group_meetings_at_check CHECK (at = COALESCE(began_at, planned_at)),
  CONSTRAINT group_meetings_game_check CHECK (method = 'game' OR game_topic IS NULL),
  CONSTRAINT group_meetings_held_check CHECK ((state = 'held' AND began_at IS NOT NULL AND minutes IS NOT NULL
      AND held_directions IS NOT NULL AND held_topic IS NOT NULL)
    OR (state <> 'held' AND began_at IS NULL AND minutes IS NULL AND held_directions IS NULL AND held_topic IS NULL
      AND reflection IS NULL AND relationship_rating IS NULL)),
  CONSTRAINT group_meetings_cancelled_check CHECK ((state = 'cancelled') = (cancellation_reason IS NOT NULL)),
  CONSTRAINT group_meetings_note_check CHECK (note IS NULL OR state = 'cancelled')
);
CREATE INDEX group_meetings_time ON group_meetings (at DESC, id DESC);

-- `n` is the position in the form. `attended` is set when the meeting is recorded as held.
CREATE TABLE participations (
  group_meeting_id UUID NOT NULL REFERENCES group_meetings (id),
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  n INTEGER NOT NULL,
  attended BOOLEAN NULL,
  CONSTRAINT participations_pkey PRIMARY KEY (group_meeting_id, mentorship_id)
);
CREATE INDEX participations_mentorship ON participations (mentorship_id);
