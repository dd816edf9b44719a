-- Since when the free nights of a bed are offered to one after the other. A search that has tried a part of those who wait goes on behind the
-- last of them: `search_turn_at` is its turn, `search_at` is when the clock goes on.
CREATE TABLE bed_turns (
  bed_id UUID NOT NULL PRIMARY KEY REFERENCES beds (id),
  turn_at TIMESTAMPTZ NOT NULL,
  search_turn_at TIMESTAMPTZ NULL,
  search_rank INTEGER NULL,
  search_id UUID NULL REFERENCES place_requests (id),
  search_at TIMESTAMPTZ NULL,
  CONSTRAINT bed_turns_search_check CHECK (
    (search_at IS NULL) = (search_turn_at IS NULL) AND (search_at IS NULL) = (search_rank IS NULL) AND (search_at IS NULL) = (search_id IS NULL)
  )
);
CREATE INDEX bed_turns_search ON bed_turns (search_at, bed_id) WHERE search_at IS NOT NULL;

-- The last turn before that of the last offer in which the person was asked. An offer that gives way is no turn of its own.
ALTER TABLE place_requests ADD COLUMN asked_turn_at TIMESTAMPTZ NULL;

-- Since when the chain of a request for help counts, once it was handed to another organization.
ALTER TABLE intake_requests ADD COLUMN counted_from TIMESTAMPTZ NULL;
