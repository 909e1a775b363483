select case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end,
    p.oid::regprocedure::text, p.oid::regprocedure::text,
    case when p.prokind = 'a' then (
        select concat_ws(' ',
            pg_get_function_arguments(p.oid),
            'returns ' || format_type(p.prorettype, null),
            'parallel ' || nullif(p.proparallel, 'u')::text,
            'kind ' || nullif(a.aggkind, 'n')::text,
            'sfunc ' || a.aggtransfn, 'stype ' || format_type(a.aggtranstype, null),
            'sspace ' || nullif(a.aggtransspace, 0),
            'final ' || nullif(a.aggfinalfn, 0)::regproc || case when a.aggfinalextra then ' extra' else '' end,
            'modify ' || a.aggfinalmodify::text,
            'combine ' || nullif(a.aggcombinefn, 0)::regproc,
            'serial ' || nullif(a.aggserialfn, 0)::regproc, 'deserial ' || nullif(a.aggdeserialfn, 0)::regproc,
            'initial ' || quote_literal(a.agginitval),
            'moving (' || (
                nullif(a.aggmtransfn, 0)::regproc || ' ' || a.aggminvtransfn
                || ' ' || format_type(a.aggmtranstype, null) || ' ' || a.aggmtransspace || ' ' || a.aggmfinalfn
                || ' ' || a.aggmfinalextra || ' ' || a.aggmfinalmodify::text || ' ' || coalesce(a.aggminitval, '')) || ')',
            'sortop ' || nullif(a.aggsortop, 0)::regoperator)
        from pg_aggregate a where a.aggfnoid = p.oid
    ) else E'\n' || rtrim(pg_get_functiondef(p.oid), E'\n') end,
    null, p.proname::text, null
from pg_proc p
join space s on s.oid = p.pronamespace
where not exists (select from member m where m.class = 'pg_proc'::regclass and m.oid = p.oid)
