-- Orders to do something by a day. `note` is sealed. `source_kind` and `source_id` are empty for tasks made by hand.
-- `assignee_person_id` is the person behind a mentor, a person or a representative: their account sees the task by it.
CREATE TABLE tasks (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL CONSTRAINT tasks_kind_check CHECK (kind IN ('consilium_decision', 'council_item', 'interagency_item', 'crisis_follow_up', 'review', 'oversight', 'handover', 'other')),
  source_kind TEXT NULL,
  source_id UUID NULL,
  case_id UUID NULL REFERENCES cases (id),
  organization_id UUID NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  note TEXT NULL,
  assignee_kind TEXT NOT NULL CONSTRAINT tasks_assignee_kind_check CHECK (assignee_kind IN ('user', 'organization', 'unit', 'mentor', 'person', 'representative')),
  assignee_id UUID NOT NULL,
  assignee_person_id UUID NULL REFERENCES people (id),
  given_by UUID NOT NULL REFERENCES users (id),
  controller_user_id UUID NOT NULL REFERENCES users (id),
  due_on DATE NOT NULL,
  priority TEXT NOT NULL CONSTRAINT tasks_priority_check CHECK (priority IN ('normal', 'high', 'urgent')),
  postponed INTEGER NOT NULL CONSTRAINT tasks_postponed_check CHECK (postponed >= 0),
  state TEXT NOT NULL CONSTRAINT tasks_state_check CHECK (state IN ('open', 'reported', 'done', 'cancelled')),
  reported_by UUID NULL REFERENCES users (id),
  reported_on DATE NULL,
  settled_on DATE NULL,
  cancellation_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT tasks_source_check CHECK ((source_kind IS NULL) = (source_id IS NULL)),
  CONSTRAINT tasks_person_check CHECK ((assignee_kind IN ('mentor', 'person', 'representative')) = (assignee_person_id IS NOT NULL)),
  CONSTRAINT tasks_reported_check CHECK ((reported_by IS NULL) = (reported_on IS NULL)),
  CONSTRAINT tasks_report_check CHECK ((state <> 'open' OR reported_on IS NULL) AND (state NOT IN ('reported', 'done') OR reported_on IS NOT NULL)),
  CONSTRAINT tasks_settled_check CHECK ((state IN ('done', 'cancelled')) = (settled_on IS NOT NULL)),
  CONSTRAINT tasks_cancelled_check CHECK ((state = 'cancelled') = (cancellation_reason IS NOT NULL))
);
-- A list is read way by way and state by state, each in the order of the days.
CREATE INDEX tasks_due ON tasks (state, due_on, id);
CREATE INDEX tasks_given_by ON tasks (given_by, state, due_on, id);
CREATE INDEX tasks_controller ON tasks (controller_user_id, state, due_on, id);
CREATE INDEX tasks_assignee ON tasks (assignee_id, state, due_on, id);
CREATE INDEX tasks_assignee_person ON tasks (assignee_person_id, state, due_on, id) WHERE assignee_person_id IS NOT NULL;
CREATE INDEX tasks_organization ON tasks (organization_id, state, due_on, id) WHERE organization_id IS NOT NULL;
CREATE INDEX tasks_case ON tasks (case_id, state, due_on, id) WHERE case_id IS NOT NULL;

-- The steps of a task, with their words and files. `text` is sealed. A row is never changed.
CREATE TABLE task_steps (
  task_id UUID NOT NULL REFERENCES tasks (id),
  n INTEGER NOT NULL CONSTRAINT task_steps_n_check CHECK (n >= 1),
  step TEXT NOT NULL CONSTRAINT task_steps_step_check CHECK (step IN ('report', 'acceptance', 'return', 'postponement', 'assignment', 'cancellation')),
  text TEXT NULL,
  file_ids JSONB NOT NULL,
  due_on DATE NOT NULL,
  made_by UUID NULL REFERENCES users (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (task_id, n)
);
