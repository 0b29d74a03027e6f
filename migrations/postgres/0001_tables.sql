-- Times are milliseconds since 1970. JSON stands in text columns.

create table tables (
    id bigint generated always as identity primary key,
    name text not null unique,
    epoch bigint not null,
    head bigint not null,
    made_at bigint not null
);

-- The log: what was done to a document, in order, never changed.
-- `actor` is a person, null for the program; no foreign key, since the log outlives people.
create table revisions (
    table_id bigint not null references tables (id),
    revision bigint not null,
    epoch bigint not null,
    actor bigint,
    origin text not null,
    import_id bigint,
    made_at bigint not null,
    payload bytea not null,
    primary key (table_id, revision)
);

create table snapshots (
    table_id bigint not null references tables (id),
    epoch bigint not null,
    revision bigint not null,
    sha256 bytea not null,
    made_at bigint not null,
    payload bytea not null,
    primary key (table_id, epoch, revision)
);

-- History. A run of one person's typing in one cell is one line, from `first_revision` to `revision`.
create table edits (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    first_revision bigint not null,
    revision bigint not null,
    row_id text not null,
    key text not null,
    value_before text not null,
    value_after text not null,
    actor bigint,
    origin text not null,
    import_id bigint,
    began_at bigint not null,
    made_at bigint not null
);

create index edits_of_cell on edits (table_id, row_id, key, id);
create index edits_of_row on edits (table_id, row_id, id);
create index edits_of_table on edits (table_id, id);
create index edits_of_import on edits (import_id) where import_id is not null;
create index edits_of_person on edits (table_id, actor, id);

create table writers (
    table_id bigint not null references tables (id),
    epoch bigint not null,
    writer bigint not null,
    person_id bigint,
    claimed_at bigint not null,
    primary key (table_id, epoch, writer)
);

create index writers_of_person on writers (table_id, epoch, person_id, claimed_at);

create table row_owners (
    table_id bigint not null references tables (id),
    row_id text not null,
    person_id bigint not null,
    primary key (table_id, row_id)
);

create index row_owners_of_person on row_owners (person_id);
