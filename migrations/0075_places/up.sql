-- Places to live. `facilities.address` is sealed, and so are the notes of blocks, stays and requests.
CREATE TABLE facilities (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  address TEXT NULL,
  territory TEXT /*C*/ NOT NULL,
  amenities JSONB NOT NULL,
  max_nights INTEGER NULL,
  age_from INTEGER NULL,
  age_below INTEGER NULL,
  opened_on DATE NOT NULL,
  closed_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX facilities_organization ON facilities (organization_id, name_key, id);
CREATE INDEX facilities_name ON facilities (name_key, id);

CREATE TABLE house_rules (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  facility_id UUID NOT NULL REFERENCES facilities (id),
  effective_from DATE NOT NULL,
  text TEXT NOT NULL,
  annulment_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX house_rules_facility ON house_rules (facility_id, effective_from, id);

CREATE TABLE rooms (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  facility_id UUID NOT NULL REFERENCES facilities (id),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  sex_rule TEXT NOT NULL,
  age_rule TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX rooms_facility ON rooms (facility_id, name_key, id);

CREATE TABLE beds (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  room_id UUID NOT NULL REFERENCES rooms (id),
  name TEXT NOT NULL,
  name_key TEXT /*C*/ NOT NULL,
  opened_on DATE NOT NULL,
  closed_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX beds_room ON beds (room_id, name_key, id);

CREATE TABLE bed_blocks (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  bed_id UUID NOT NULL REFERENCES beds (id),
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  reason TEXT NOT NULL CONSTRAINT bed_blocks_reason_check CHECK (reason IN ('repair', 'quarantine', 'other')),
  note TEXT NULL,
  ended_on DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT bed_blocks_nights_check CHECK (from_on < until_on)
);
CREATE INDEX bed_blocks_organization ON bed_blocks (organization_id, id);
CREATE INDEX bed_blocks_bed ON bed_blocks (bed_id, id);

-- A reservation whose hold is over is a no-show; its row says so as soon as the clock comes by.
CREATE TABLE stays (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  facility_id UUID NOT NULL REFERENCES facilities (id),
  room_id UUID NOT NULL REFERENCES rooms (id),
  bed_id UUID NOT NULL REFERENCES beds (id),
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  purpose TEXT NOT NULL,
  case_id UUID NULL REFERENCES cases (id),
  order_number TEXT NULL,
  order_on DATE NULL,
  enrolment_id UUID NULL REFERENCES living_enrolments (id),
  permission_file_id UUID NULL REFERENCES files (id),
  state TEXT NOT NULL CONSTRAINT stays_state_check CHECK (state IN ('reserved', 'arrived', 'departed', 'cancelled', 'no_show')),
  held_until TIMESTAMPTZ NOT NULL,
  arrived_at TIMESTAMPTZ NULL,
  house_rules_id UUID NULL REFERENCES house_rules (id),
  rules_file_id UUID NULL REFERENCES files (id),
  ended_on DATE NULL,
  departure_reason TEXT NULL,
  note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT stays_nights_check CHECK (from_on < until_on),
  CONSTRAINT stays_ended_check CHECK ((state IN ('reserved', 'arrived')) = (ended_on IS NULL)),
  CONSTRAINT stays_departed_check CHECK ((state = 'departed') = (departure_reason IS NOT NULL)),
  CONSTRAINT stays_arrived_check CHECK ((state IN ('arrived', 'departed')) = (arrived_at IS NOT NULL)),
  CONSTRAINT stays_order_check CHECK ((order_number IS NULL) = (order_on IS NULL))
);
CREATE INDEX stays_state ON stays (state, id);
CREATE INDEX stays_held ON stays (state, held_until, id);
CREATE INDEX stays_organization ON stays (organization_id, state, id);
CREATE INDEX stays_facility ON stays (facility_id, state, id);
CREATE INDEX stays_bed ON stays (bed_id, state, id);
CREATE INDEX stays_beneficiary ON stays (beneficiary_id, state, id);
CREATE INDEX stays_case ON stays (case_id, state, id) WHERE case_id IS NOT NULL;

-- The waiting list. `rank` is the place of the urgency; an offer lapses by its moment, and the row keeps its place.
CREATE TABLE place_requests (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  facility_id UUID NULL REFERENCES facilities (id),
  kind TEXT NULL,
  from_on DATE NOT NULL,
  nights INTEGER NOT NULL,
  urgency TEXT NOT NULL,
  rank INTEGER NOT NULL,
  note TEXT NULL,
  state TEXT NOT NULL CONSTRAINT place_requests_state_check CHECK (state IN ('waiting', 'placed', 'withdrawn')),
  offered_bed_id UUID NULL REFERENCES beds (id),
  offered_from_on DATE NULL,
  offered_until_on DATE NULL,
  offered_held_until TIMESTAMPTZ NULL,
  stay_id UUID NULL REFERENCES stays (id),
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT place_requests_place_check CHECK ((facility_id IS NULL) <> (kind IS NULL)),
  CONSTRAINT place_requests_placed_check CHECK ((state = 'placed') = (stay_id IS NOT NULL))
);
CREATE UNIQUE INDEX place_requests_beneficiary_id_organization_id_key ON place_requests (beneficiary_id, organization_id) WHERE state = 'waiting';
CREATE INDEX place_requests_state ON place_requests (state, rank, id);
CREATE INDEX place_requests_organization ON place_requests (organization_id, state, rank, id);
CREATE INDEX place_requests_facility ON place_requests (facility_id, state, rank, id) WHERE facility_id IS NOT NULL;
CREATE INDEX place_requests_kind ON place_requests (organization_id, kind, state, rank, id) WHERE kind IS NOT NULL;
CREATE INDEX place_requests_beneficiary ON place_requests (beneficiary_id, state, rank, id);

-- A row for each night that a bed has: no bed and no person has two of one night.
CREATE TABLE bed_nights (
  bed_id UUID NOT NULL REFERENCES beds (id),
  night DATE NOT NULL,
  room_id UUID NOT NULL REFERENCES rooms (id),
  facility_id UUID NOT NULL REFERENCES facilities (id),
  beneficiary_id UUID NULL REFERENCES beneficiaries (id),
  stay_id UUID NULL REFERENCES stays (id),
  block_id UUID NULL REFERENCES bed_blocks (id),
  request_id UUID NULL REFERENCES place_requests (id),
  held_until TIMESTAMPTZ NULL,
  CONSTRAINT bed_nights_bed_id_night_key PRIMARY KEY (bed_id, night),
  CONSTRAINT bed_nights_holder_check CHECK (
    (CASE WHEN stay_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN block_id IS NULL THEN 0 ELSE 1 END)
      + (CASE WHEN request_id IS NULL THEN 0 ELSE 1 END) = 1
  ),
  CONSTRAINT bed_nights_sleeper_check CHECK ((block_id IS NULL) = (beneficiary_id IS NOT NULL))
);
CREATE UNIQUE INDEX bed_nights_beneficiary_id_night_key ON bed_nights (beneficiary_id, night) WHERE beneficiary_id IS NOT NULL;
CREATE INDEX bed_nights_room ON bed_nights (room_id, night);
CREATE INDEX bed_nights_facility ON bed_nights (facility_id, night);
CREATE INDEX bed_nights_stay ON bed_nights (stay_id, night) WHERE stay_id IS NOT NULL;
CREATE INDEX bed_nights_block ON bed_nights (block_id, night) WHERE block_id IS NOT NULL;
CREATE INDEX bed_nights_request ON bed_nights (request_id, night) WHERE request_id IS NOT NULL;

-- The people whom a room takes on a night, and their number: a room has people of one sex and one age, where its rules ask for that.
CREATE TABLE room_nights (
  room_id UUID NOT NULL REFERENCES rooms (id),
  night DATE NOT NULL,
  sex TEXT NOT NULL,
  age_group TEXT NOT NULL,
  occupants INTEGER NOT NULL,
  CONSTRAINT room_nights_room_id_night_key PRIMARY KEY (room_id, night),
  CONSTRAINT room_nights_occupants_check CHECK (occupants >= 0)
);

ALTER TABLE accompaniment_rules ADD COLUMN reservation_hold_hours INTEGER NOT NULL DEFAULT 18;
ALTER TABLE accompaniment_rules ADD COLUMN offer_hold_hours INTEGER NOT NULL DEFAULT 24;
