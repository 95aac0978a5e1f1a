-- Why a value does not count, by the number that stands for it in log_checks. Grain: one row per reason.
select 1 as fault_no, 'missing_value' as reason_code
union all select 2, 'unknown_code'
union all select 3, 'bad_number'
union all select 4, 'out_of_range'
union all select 5, 'bad_time'
union all select 6, 'future_time'
union all select 7, 'before_opening'
union all select 8, 'unknown_station'
union all select 9, 'other_kind_of_station'
