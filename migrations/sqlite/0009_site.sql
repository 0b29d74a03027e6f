-- Texts of pages and mails that somebody wrote in the site; what is not here is as the program says it.
create table site_texts (
    key text not null,
    locale text not null,
    words text not null,
    changed_by integer,
    changed_at integer not null,
    version integer not null,
    primary key (key, locale)
) strict;
