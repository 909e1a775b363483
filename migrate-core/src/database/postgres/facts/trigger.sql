-- A partition's copy of its parent's trigger counts only where it is enabled in another way.
select 'trigger', r.object, r.identity || '.' || quote_ident(t.tgname),
    concat_ws(' ',
        pg_get_triggerdef(t.oid),
        case t.tgenabled when 'D' then 'disabled' when 'R' then 'enable replica' when 'A' then 'enable always' end),
    null, t.tgname::text, r.relation
from relation r
join pg_trigger t on t.tgrelid = r.oid
left join pg_trigger p on p.oid = t.tgparentid
where case when t.tgparentid = 0 then not t.tgisinternal else t.tgconstraint = 0 and t.tgenabled <> p.tgenabled end
union all
select 'rule', r.object, r.identity || '.' || quote_ident(w.rulename),
    concat_ws(' ',
        pg_get_ruledef(w.oid),
        case w.ev_enabled when 'D' then 'disabled' when 'R' then 'enable replica' when 'A' then 'enable always' end),
    null, w.rulename::text, r.relation
from relation r
join pg_rewrite w on w.ev_class = r.oid
where w.rulename <> '_RETURN'
union all
select 'policy', r.object, r.identity || '.' || quote_ident(p.polname),
    concat_ws(' ',
        case when not p.polpermissive then 'restrictive' end,
        'for ' || case p.polcmd
            when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
        end,
        'to ' || (
            select string_agg(x.name, ', ' order by x.name collate "C")
            from (
                select case u when 0 then 'public' else quote_ident(pg_get_userbyid(u)) end as name
                from unnest(p.polroles) u
            ) x),
        'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
        'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'),
    null, p.polname::text, r.relation
from relation r
join pg_policy p on p.polrelid = r.oid
union all
select 'statistics', r.object, s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname),
    concat_ws(' ',
        pg_get_statisticsobjdef(s.oid), 'target ' || case when s.stxstattarget >= 0 then s.stxstattarget end),
    null, s.stxname::text, r.relation
from relation r
join pg_statistic_ext s on s.stxrelid = r.oid
