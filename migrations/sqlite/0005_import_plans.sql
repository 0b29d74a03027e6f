-- A file on its way into a table: what it holds, what it would do to it, what was decided so far.
-- What is large stands last: whoever lists plans does not read it.
create table import_plans (
    id text not null primary key,
    table_id integer not null references tables (id),
    actor integer,
    file_name text not null,
    sha256 blob not null,
    made_at integer not null,
    changed_at integer not null,
    planned_at integer not null,
    state text not null,
    error text,
    version integer not null,
    epoch integer not null,
    revision integer not null,
    columns_sha256 blob not null,
    import_id integer references imports (id),
    done integer not null,
    total integer not null,
    decisions text not null,
    row_ids text,
    plan blob,
    book blob,
    upload blob
) strict;

create index import_plans_of_table on import_plans (table_id, made_at);
create index import_plans_by_state on import_plans (state, changed_at);
create index import_plans_of_import on import_plans (import_id) where import_id is not null;

-- What was decided for files with this header, to be proposed for the next one.
create table import_mappings (
    table_id integer not null references tables (id),
    fingerprint text not null,
    decisions text not null,
    changed_at integer not null,
    primary key (table_id, fingerprint)
) strict;
