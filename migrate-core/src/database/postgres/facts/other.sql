-- The rarer kinds, which the server itself knows how to name.
select i.type, i.identity, i.identity, x.definition, null, coalesce(x.name, i.name, i.identity), null
from (
    select 'pg_cast'::regclass as class, c.oid, null::text as name, concat_ws(' ',
        case c.castmethod when 'f' then 'with ' || c.castfunc::regprocedure when 'i' then 'with inout' else 'binary' end,
        case c.castcontext when 'a' then 'as assignment' when 'i' then 'as implicit' end) as definition
    from pg_cast c
    union all
    select 'pg_operator'::regclass, o.oid, o.oprname::text, concat_ws(' ',
        'function ' || o.oprcode, 'returns ' || format_type(o.oprresult, null),
        'commutator ' || nullif(o.oprcom, 0)::regoperator, 'negator ' || nullif(o.oprnegate, 0)::regoperator,
        'restrict ' || nullif(o.oprrest, 0)::regproc, 'join ' || nullif(o.oprjoin, 0)::regproc,
        case when o.oprcanhash then 'hashes' end, case when o.oprcanmerge then 'merges' end)
    from pg_operator o
    union all
    select 'pg_opclass'::regclass, c.oid, c.opcname::text, concat_ws(' ',
        'for ' || format_type(c.opcintype, null), case when c.opcdefault then 'default' end,
        'family ' || (select f.identity from pg_identify_object('pg_opfamily'::regclass, c.opcfamily, 0) f),
        'storage ' || format_type(nullif(c.opckeytype, 0), null))
    from pg_opclass c
    union all
    select 'pg_opfamily'::regclass, f.oid, f.opfname::text, concat_ws(E'\n', '',
        (
            select string_agg(concat_ws(' ',
                    'operator', a.amopstrategy, a.amopopr::regoperator,
                    'for order by ' || (
                        select s.identity from pg_identify_object('pg_opfamily'::regclass, nullif(a.amopsortfamily, 0), 0) s)),
                E'\n' order by a.amopstrategy, a.amopopr::regoperator::text collate "C")
            from pg_amop a where a.amopfamily = f.oid
        ),
        (
            select string_agg(concat_ws(' ',
                    'function', p.amprocnum, format_type(p.amproclefttype, null), format_type(p.amprocrighttype, null),
                    p.amproc::regprocedure),
                E'\n' order by p.amprocnum, p.amproc::regprocedure::text collate "C")
            from pg_amproc p where p.amprocfamily = f.oid
        ))
    from pg_opfamily f
    where f.oid >= 16384
    union all
    select 'pg_collation'::regclass, c.oid, c.collname::text, concat_ws(' ',
        'provider ' || c.collprovider::text, 'encoding ' || nullif(pg_encoding_to_char(c.collencoding), ''),
        'collate ' || c.collcollate, 'ctype ' || c.collctype,
        'locale ' || c.colliculocale,  -- since 15 before 17
        'locale ' || c.colllocale,  -- since 17
        'rules ' || c.collicurules,  -- since 16
        case when not c.collisdeterministic then 'not deterministic' end)
    from pg_collation c
    union all
    select 'pg_conversion'::regclass, c.oid, c.conname::text, concat_ws(' ',
        pg_encoding_to_char(c.conforencoding), 'to', pg_encoding_to_char(c.contoencoding), 'with', c.conproc,
        case when c.condefault then 'default' end)
    from pg_conversion c
    union all
    select 'pg_ts_config'::regclass, c.oid, c.cfgname::text, concat_ws(' ',
        'parser ' || (select p.identity from pg_identify_object('pg_ts_parser'::regclass, c.cfgparser, 0) p),
        (
            select string_agg(E'\nfor ' || t.alias || ' ' || t.dictionaries, '' order by t.alias collate "C")
            from (
                select k.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
                from pg_ts_config_map m
                join ts_token_type(c.cfgparser) k on k.tokid = m.maptokentype
                where m.mapcfg = c.oid
                group by k.alias
            ) t
        ))
    from pg_ts_config c
    where c.oid >= 16384
    union all
    select 'pg_ts_dict'::regclass, d.oid, d.dictname::text, concat_ws(' ',
        'template ' || (select t.identity from pg_identify_object('pg_ts_template'::regclass, d.dicttemplate, 0) t),
        'options (' || d.dictinitoption || ')')
    from pg_ts_dict d
    where d.oid >= 16384
    union all
    select 'pg_ts_parser'::regclass, p.oid, p.prsname::text,
        concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
    from pg_ts_parser p
    union all
    select 'pg_ts_template'::regclass, t.oid, t.tmplname::text, concat_ws(' ', t.tmplinit, t.tmpllexize)
    from pg_ts_template t
    union all
    select 'pg_language'::regclass, l.oid, l.lanname::text, concat_ws(' ',
        case when l.lanpltrusted then 'trusted' end,
        'handler ' || nullif(l.lanplcallfoid, 0)::regproc, 'inline ' || nullif(l.laninline, 0)::regproc,
        'validator ' || nullif(l.lanvalidator, 0)::regproc)
    from pg_language l
    union all
    select 'pg_transform'::regclass, t.oid, null, concat_ws(' ',
        'from sql ' || nullif(t.trffromsql, 0)::regprocedure, 'to sql ' || nullif(t.trftosql, 0)::regprocedure)
    from pg_transform t
    union all
    select 'pg_am'::regclass, a.oid, a.amname::text, concat_ws(' ', a.amtype, 'handler ' || a.amhandler)
    from pg_am a
    union all
    select 'pg_event_trigger'::regclass, e.oid, e.evtname::text, concat_ws(' ',
        'on ' || e.evtevent, 'execute ' || e.evtfoid::regprocedure,
        'tags (' || (select string_agg(t, ', ' order by t collate "C") from unnest(e.evttags) t) || ')',
        case e.evtenabled when 'D' then 'disabled' when 'R' then 'enable replica' when 'A' then 'enable always' end)
    from pg_event_trigger e
    union all
    select 'pg_foreign_data_wrapper'::regclass, w.oid, w.fdwname::text, concat_ws(' ',
        'handler ' || nullif(w.fdwhandler, 0)::regproc, 'validator ' || nullif(w.fdwvalidator, 0)::regproc,
        'options (' || (select string_agg(o, ', ' order by o collate "C") from unnest(w.fdwoptions) o) || ')')
    from pg_foreign_data_wrapper w
    union all
    select 'pg_foreign_server'::regclass, s.oid, s.srvname::text, concat_ws(' ',
        'type ' || s.srvtype, 'version ' || s.srvversion,
        'wrapper ' || (select quote_ident(w.fdwname) from pg_foreign_data_wrapper w where w.oid = s.srvfdw),
        'options (' || (select string_agg(o, ', ' order by o collate "C") from unnest(s.srvoptions) o) || ')')
    from pg_foreign_server s
    union all
    select 'pg_user_mapping'::regclass, m.umid, m.srvname::text,
        'options (' || (select string_agg(o, ', ' order by o collate "C") from unnest(m.umoptions) o) || ')'
    from pg_user_mappings m
    union all
    select 'pg_publication'::regclass, p.oid, p.pubname::text, concat_ws(' ',
        case when p.puballtables then 'for all tables' end,
        case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
        case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end,
        case when p.pubviaroot then 'via root' end,
        'generated columns ' || nullif(p.pubgencols, 'n')::text,  -- since 18
        null)
    from pg_publication p
    union all
    select 'pg_subscription'::regclass, s.oid, s.subname::text, concat_ws(' ',
        case when s.subenabled then 'enabled' else 'disabled' end, 'slot ' || s.subslotname,
        'publications ' || array_to_string(s.subpublications, ', '), 'synchronous_commit ' || s.subsynccommit)
    from pg_subscription s
    where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
) x
cross join lateral pg_identify_object(x.class, x.oid, 0) i
where x.oid >= 16384
    and not exists (select from member m where m.class = x.class and m.oid = x.oid)
