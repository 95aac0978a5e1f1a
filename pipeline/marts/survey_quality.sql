-- Question: how good are the answers, and how many fall away?
-- Grain: one row per wave and user group ('unknown' when not said).
-- Units: respondents; one respondent may carry several flags. n_panel: also answered another wave (where linking is
-- permitted). n_any_flag: at least one flag, dropped by the wave or not. median_minutes: middle time taken.
with linked as (
  select panel_key from clean.respondents where panel_key is not null
  group by panel_key having count(distinct wave_code) > 1
)
select r.wave_code,
       r.area_code,
       w.period_code,
       coalesce(r.user_group_code, 'unknown') as user_group_code,
       count(*) as n_respondents,
       count(*) filter (where r.is_valid) as n_valid,
       count(*) filter (where r.is_speeder) as n_speeder,
       count(*) filter (where r.is_straightliner) as n_straightliner,
       count(*) filter (where r.is_attention_failed) as n_attention_failed,
       count(*) filter (where r.is_duplicate) as n_duplicate,
       count(*) filter (where r.is_contradiction) as n_contradiction,
       count(*) filter (where r.is_machine_timed) as n_machine_timed,
       count(*) filter (where r.is_burst) as n_burst,
       count(*) filter (where r.is_speeder or r.is_straightliner or r.is_attention_failed or r.is_duplicate
                           or r.is_contradiction or r.is_machine_timed or r.is_burst) as n_any_flag,
       count(l.panel_key) as n_panel,
       median(r.duration_seconds) / 60 as median_minutes
from clean.respondents as r
join ref.waves as w on w.wave_code = r.wave_code
left join linked as l on l.panel_key = r.panel_key
group by r.wave_code, r.area_code, w.period_code, coalesce(r.user_group_code, 'unknown')
