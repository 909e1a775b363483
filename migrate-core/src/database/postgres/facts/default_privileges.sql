select 'default privileges', coalesce(n.identity, 'database'),
    coalesce(n.identity, 'database') || '.' || quote_ident(pg_get_userbyid(d.defaclrole)) || '.' || case d.defaclobjtype
        when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
        when 'T' then 'types' when 'n' then 'schemas' else 'large objects'
    end,
    coalesce((
        select string_agg(g.grantee || ': ' || g.privileges, '; ' order by g.grantee collate "C")
        from (
            select x.grantee, string_agg(distinct x.privilege collate "C", ', ' order by x.privilege collate "C") as privileges
            from (
                select case a.grantee
                        when 0 then 'public' when d.defaclrole then '(owner)' else quote_ident(pg_get_userbyid(a.grantee))
                    end as grantee,
                    a.privilege_type || case when a.is_grantable then '*' else '' end as privilege
                from aclexplode(d.defaclacl) a
            ) x
            group by x.grantee
        ) g
    ), 'none'),
    null, coalesce(n.name, 'database'), null
from pg_default_acl d
left join space n on n.oid = d.defaclnamespace
