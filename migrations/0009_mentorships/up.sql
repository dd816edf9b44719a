-- `words` holds the sealed free texts: the reason for the pair, the notes of both sides, the explanation of the end.
-- `ended_on` is the last day, for every kind of end. `ending_file_id` is the written refusal, or the paper of the side that
-- declined.
CREATE TABLE mentorships (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  program_id UUID NOT NULL REFERENCES programs (id),
  edition_id UUID NOT NULL REFERENCES editions (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  tutor_user_id UUID NULL REFERENCES users (id),
  state TEXT NOT NULL CONSTRAINT mentorships_state_check CHECK (state IN
    ('proposed', 'accepted', 'consented', 'active', 'completed', 'terminated', 'declined', 'lapsed')),
  proposed_on DATE NOT NULL,
  planned_starts_on DATE NOT NULL,
  planned_ends_on DATE NULL,
  lapses_after DATE NOT NULL,
  mentor_accepted_on DATE NULL,
  mentor_file_id UUID NULL REFERENCES files (id),
  recipient_accepted_on DATE NULL,
  recipient_file_id UUID NULL REFERENCES files (id),
  starts_on DATE NULL,
  ends_on DATE NULL,
  order_number TEXT NULL,
  order_date DATE NULL,
  ended_on DATE NULL,
  completion_reason TEXT NULL CONSTRAINT mentorships_completion_reason_check
    CHECK (completion_reason IN ('meetings_held', 'term_ended')),
  termination_ground TEXT NULL CONSTRAINT mentorships_termination_ground_check
    CHECK (termination_ground IN ('written_refusal', 'removed_by_director', 'other_objective')),
  termination_order_number TEXT NULL,
  termination_order_date DATE NULL,
  declined_by TEXT NULL CONSTRAINT mentorships_declined_by_check CHECK (declined_by IN ('mentor', 'recipient')),
  decline_reason TEXT NULL,
  ending_file_id UUID NULL REFERENCES files (id),
  words TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT mentorships_lapse_check CHECK (lapses_after >= proposed_on),
  CONSTRAINT mentorships_proposed_check
    CHECK (state <> 'proposed' OR mentor_accepted_on IS NULL OR recipient_accepted_on IS NULL),
  CONSTRAINT mentorships_accepted_check CHECK (state IN ('proposed', 'declined', 'lapsed')
    OR (mentor_accepted_on IS NOT NULL AND recipient_accepted_on IS NOT NULL)),
  CONSTRAINT mentorships_active_check CHECK ((state IN ('active', 'completed', 'terminated')
      AND starts_on IS NOT NULL AND ends_on IS NOT NULL AND starts_on < ends_on)
    OR (state NOT IN ('active', 'completed', 'terminated')
      AND starts_on IS NULL AND ends_on IS NULL AND order_number IS NULL)),
  CONSTRAINT mentorships_order_check CHECK ((order_number IS NULL) = (order_date IS NULL)),
  CONSTRAINT mentorships_ended_check
    CHECK ((state IN ('completed', 'terminated', 'declined', 'lapsed')) = (ended_on IS NOT NULL)),
  CONSTRAINT mentorships_completed_check CHECK ((state = 'completed') = (completion_reason IS NOT NULL)),
  CONSTRAINT mentorships_terminated_check CHECK ((state = 'terminated') = (termination_ground IS NOT NULL)),
  CONSTRAINT mentorships_refusal_check
    CHECK (termination_ground IS NULL OR termination_ground <> 'written_refusal' OR ending_file_id IS NOT NULL),
  CONSTRAINT mentorships_removal_check CHECK (termination_ground IS NULL OR termination_ground <> 'removed_by_director'
    OR (termination_order_number IS NOT NULL AND termination_order_date IS NOT NULL)),
  CONSTRAINT mentorships_declined_check CHECK ((state = 'declined') = (declined_by IS NOT NULL)
    AND (state = 'declined' OR decline_reason IS NULL))
);
CREATE UNIQUE INDEX mentorships_beneficiary_id_program_id_key ON mentorships (beneficiary_id, program_id)
  WHERE ended_on IS NULL;
CREATE INDEX mentorships_organization ON mentorships (organization_id, id DESC);
CREATE INDEX mentorships_program ON mentorships (program_id, id DESC);
CREATE INDEX mentorships_beneficiary ON mentorships (beneficiary_id, id DESC);
CREATE INDEX mentorships_mentor ON mentorships (mentor_id, id DESC);
CREATE INDEX mentorships_tutor ON mentorships (tutor_user_id, id DESC);
CREATE INDEX mentorships_state ON mentorships (state, id DESC);
CREATE INDEX mentorships_ending ON mentorships (ends_on) WHERE starts_on IS NOT NULL AND ended_on IS NULL;
CREATE INDEX mentorships_lapsing ON mentorships (lapses_after) WHERE starts_on IS NULL AND ended_on IS NULL;
CREATE INDEX mentorships_load ON mentorships (mentor_id, program_id) WHERE starts_on IS NOT NULL AND ended_on IS NULL;

CREATE TABLE consents (
  id UUID NOT NULL PRIMARY KEY,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  signatory TEXT NOT NULL CONSTRAINT consents_signatory_check CHECK (signatory IN ('recipient', 'representative')),
  person_id UUID NOT NULL REFERENCES people (id),
  representative_id UUID NULL REFERENCES representatives (id),
  signed_on DATE NOT NULL,
  file_id UUID NULL REFERENCES files (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT consents_authority_check CHECK ((signatory = 'representative') = (representative_id IS NOT NULL))
);
CREATE UNIQUE INDEX consents_mentorship_id_signatory_key ON consents (mentorship_id, signatory);
CREATE INDEX consents_person ON consents (person_id);

-- `notes`, `homework` and `note` (of a missed or cancelled meeting) are sealed. `at` is the actual time, or else the planned
-- one.
CREATE TABLE meetings (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  state TEXT NOT NULL CONSTRAINT meetings_state_check CHECK (state IN ('planned', 'held', 'missed', 'cancelled')),
  at TIMESTAMPTZ NOT NULL,
  planned_at TIMESTAMPTZ NOT NULL,
  method TEXT NOT NULL,
  directions JSONB NOT NULL,
  topic TEXT NULL,
  topic_set_by TEXT NULL,
  place TEXT NULL,
  online BOOLEAN NOT NULL,
  began_at TIMESTAMPTZ NULL,
  minutes INTEGER NULL CONSTRAINT meetings_minutes_check CHECK (minutes BETWEEN 5 AND 720),
  held_directions JSONB NULL,
  held_topic TEXT NULL,
  notes TEXT NULL,
  homework TEXT NULL,
  missed_by TEXT NULL,
  cancellation_reason TEXT NULL,
  note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT meetings_at_check CHECK (at = COALESCE(began_at, planned_at)),
  CONSTRAINT meetings_topic_check CHECK (topic IS NOT NULL OR topic_set_by IS NULL),
  CONSTRAINT meetings_held_check CHECK ((state = 'held' AND began_at IS NOT NULL AND minutes IS NOT NULL
      AND held_directions IS NOT NULL AND held_topic IS NOT NULL)
    OR (state <> 'held' AND began_at IS NULL AND minutes IS NULL AND held_directions IS NULL AND held_topic IS NULL
      AND notes IS NULL AND homework IS NULL)),
  CONSTRAINT meetings_missed_check CHECK ((state = 'missed') = (missed_by IS NOT NULL)),
  CONSTRAINT meetings_cancelled_check CHECK ((state = 'cancelled') = (cancellation_reason IS NOT NULL)),
  CONSTRAINT meetings_note_check CHECK (note IS NULL OR state IN ('missed', 'cancelled'))
);
CREATE INDEX meetings_time ON meetings (mentorship_id, at DESC, id DESC);
CREATE INDEX meetings_state ON meetings (mentorship_id, state);
