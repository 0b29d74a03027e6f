-- Texts of pages and mails that somebody wrote in the site; what is not here is as the program says it.
create table site_texts (
    key text not null,
    locale text not null,
    words text not null,
    changed_by bigint,
    changed_at bigint not null,
    version bigint not null,
    primary key (key, locale)
);
