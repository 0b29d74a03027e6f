-- A file on its way into a table: what it holds, what it would do to it, what was decided so far.
-- What is large stands last: whoever lists plans does not read it.
create table import_plans (
    id text not null primary key,
    table_id bigint not null references tables (id),
    actor bigint,
    file_name text not null,
    sha256 bytea not null,
    made_at bigint not null,
    changed_at bigint not null,
    planned_at bigint not null,
    state text not null,
    error text,
    version bigint not null,
    epoch bigint not null,
    revision bigint not null,
    columns_sha256 bytea not null,
    import_id bigint references imports (id),
    done bigint not null,
    total bigint not null,
    decisions text not null,
    row_ids text,
    plan bytea,
    book bytea,
    upload bytea
);

create index import_plans_of_table on import_plans (table_id, made_at);
create index import_plans_by_state on import_plans (state, changed_at);
create index import_plans_of_import on import_plans (import_id) where import_id is not null;

-- What was decided for files with this header, to be proposed for the next one.
create table import_mappings (
    table_id bigint not null references tables (id),
    fingerprint text not null,
    decisions text not null,
    changed_at bigint not null,
    primary key (table_id, fingerprint)
);
