-- Every stored table: keys, checks, words and privacy class. This file is the data dictionary:
-- the loader turns the remark behind each column into a COMMENT, docs/data_dictionary.md is generated from it.
-- A remark reads  -- privacy; zh; en   with privacy  open (may be shown as counts) | office (inside the office only)
-- | restricted (keyed pseudonyms and single answers: never leaves the machine). The remark behind a table's opening
-- line reads  -- zh; en, one row per what. A view's columns keep the words of the columns they are made from.
-- Origin of a clean row: source_file_id, source_sheet, source_row (1-based, as in Excel; a text file's sheet is '').
-- The three stand on one line without a remark; their words are in dictionary.py (ORIGIN).

create schema ref;
create schema clean;
create schema mart;
create schema audit;

------------------------------------------------------------------------------------------------------------ ref
create table ref.areas (                          -- 地区; study areas, one row per area
  area_code varchar primary key,                  -- open; 地区代码; area code
  label_zh varchar not null,                      -- open; 名称; name in Chinese
  label_en varchar not null,                      -- open; 英文名称; name in English
  tz varchar not null                             -- open; 时区; IANA time zone of the local wall clock
);
create table ref.codes (                          -- 代码表; every code list, one row per list and code
  list_code varchar not null,                     -- open; 代码表; code list (services, platforms ...)
  code varchar not null,                          -- open; 代码; code
  label_zh varchar not null,                      -- open; 中文; label in Chinese
  label_en varchar not null,                      -- open; 英文; label in English
  family varchar,                                 -- open; 类别; family within the list
  sort_order integer not null,                    -- open; 次序; order of presentation
  primary key (list_code, code)
);
create view ref.services as                       -- 服务; services, one row per service
select code as service_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'services';
create view ref.standards as                      -- 标准; the seven standards, one row per standard
select code as standard_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'standards';
create view ref.station_classes as                -- 驿站类别; station classes, one row per class
select code as class_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'station_classes';
create view ref.user_groups as                    -- 人群; user groups, one row per group
select code as user_group_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'user_groups';
create view ref.platforms as                      -- 平台; platforms and companies, one row per platform
select code as platform_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'platforms';
create view ref.outcomes as                       -- 使用结果; outcomes of a use, one row per outcome
select code as outcome_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'outcomes';
create view ref.partnership_contents as           -- 结对内容; contents of a pairing, one row per content
select code as content_code, label_zh, label_en, family, sort_order from ref.codes where list_code = 'partnership_contents';
create table ref.service_promises (               -- 服务承诺; what was promised where, one row per area, rule set, service and start
  area_code varchar not null,                     -- open; 地区代码; area code
  rule_set_code varchar not null,                 -- open; 规则; rule set, for example ba_ke (the eight promised services)
  service_code varchar not null,                  -- open; 服务; service
  label_zh varchar not null,                      -- open; 承诺原文; wording of the promise
  valid_from date not null,                       -- open; 起; in force from
  valid_to date,                                  -- open; 止; in force until, empty when still in force
  primary key (area_code, rule_set_code, service_code, valid_from)
);
create table ref.published_totals (               -- 公布数字; figures in public statements, one row per area and measure
  area_code varchar not null,                     -- open; 地区代码; area code
  measure_code varchar not null,                  -- open; 指标; stations, stations_fixed, buildings, couriers ...
  label_zh varchar not null,                      -- open; 指标名; measure in Chinese
  label_en varchar not null,                      -- open; 英文; measure in English
  value double not null,                          -- open; 数值; the figure
  qualifier varchar not null check (qualifier in ('eq', 'gt', 'lt', 'approx')),  -- open; 限定; equal, more than, less than, about
  source varchar not null,                        -- open; 出处; where it was published
  as_of date not null,                            -- open; 时点; date it speaks of
  primary key (area_code, measure_code, as_of)
);
create table ref.action_costs (                   -- 改动的价格; what a change costs, one row per action and item
  action_code varchar not null,                   -- open; 做什么; action: open, extend_hours, add_service, repair, publicise, verify
  item_code varchar not null,                     -- open; 对什么; station class (open), way (extend_hours), service (add_service, repair), else ''
  unit_code varchar not null check (unit_code in ('each', 'weekly_hour')),  -- open; 计价单位; for each, or for every hour a week that is added
  one_off_yuan double not null check (one_off_yuan >= 0),  -- open; 一次性费用; one-off cost, yuan
  one_off_low double not null,                    -- open; 一次性费用下限; its low end
  one_off_high double not null,                   -- open; 一次性费用上限; its high end
  yearly_yuan double not null check (yearly_yuan >= 0),  -- open; 每年费用; cost a year, yuan
  yearly_low double not null,                     -- open; 每年费用下限; its low end
  yearly_high double not null,                    -- open; 每年费用上限; its high end
  is_assumed boolean not null,                    -- open; 假设; assumed, in whole or in part
  source varchar,                                 -- open; 出处; where the price comes from
  why_zh varchar not null,                        -- open; 说明; what the price stands for
  why_en varchar not null,                        -- open; 英文说明; what the price stands for, in English
  origin_code varchar not null check (origin_code in ('built_in', 'place')),  -- open; 来自; the project's own price, or the place's
  primary key (action_code, item_code),
  check (one_off_low <= one_off_yuan and one_off_yuan <= one_off_high and yearly_low <= yearly_yuan and yearly_yuan <= yearly_high)
);
create table ref.waves (                          -- 调查波次; survey waves, one row per wave
  wave_code varchar primary key,                  -- open; 波次; wave
  area_code varchar not null,                     -- open; 地区代码; area code
  label_zh varchar not null,                      -- open; 名称; name in Chinese
  label_en varchar not null,                      -- open; 英文; name in English
  platform_family varchar not null,               -- open; 平台; survey platform the export came from
  population_code varchar not null check (population_code in ('attached', 'delivering')),  -- open; 总体; target population
  mode_code varchar not null,                     -- open; 方式; main mode (qr, intercept, link, paper)
  opened_on date not null,                        -- open; 开始; first day in the field
  closed_on date not null,                        -- open; 结束; last day in the field
  period_code varchar not null,                   -- open; 季度; quarter in which the wave closed, for example 2023Q2
  frame_total integer,                            -- open; 总体规模; size of the frame where known
  weight_set_code varchar,                        -- open; 指定权重组; weights estimates are made with, where the wave file names them
  consent_version varchar not null,               -- open; 知情同意版本; version of the consent text
  purpose varchar not null,                       -- open; 目的; stated purpose of processing
  legal_basis varchar not null,                   -- open; 合法性基础; legal basis of processing
  retain_until date,                              -- open; 保存期限; last day the raw answers may be kept
  is_simulated boolean not null                   -- open; 模拟; made by the simulator
);
create table ref.questions (                      -- 题目; one row per wave and question
  wave_code varchar not null,                     -- open; 波次; wave
  question_code varchar not null,                 -- open; 题号; question within the wave
  sort_order integer not null,                    -- open; 次序; position in the questionnaire
  type_code varchar not null check (type_code in ('single', 'multiple', 'matrix', 'ranking', 'scale', 'number', 'text', 'date', 'place', 'allocation')),  -- open; 题型; question type
  variable_code varchar,                          -- open; 变量; standard variable it measures
  text_zh varchar not null,                       -- open; 题干; wording
  text_en varchar,                                -- open; 英文; wording in English
  is_personal boolean not null default false,     -- open; 个人题; answers are personal: only their state is kept
  primary key (wave_code, question_code)
);
create table ref.options (                        -- 选项; one row per wave, question, item and option
  wave_code varchar not null,                     -- open; 波次; wave
  question_code varchar not null,                 -- open; 题号; question
  item_code varchar not null,                     -- open; 行; matrix row, '' where the question has one row
  option_code varchar not null,                   -- open; 选项; option ('' for the row itself)
  number integer,                                 -- open; 序号; number of the option in the platform's export
  text_zh varchar not null,                       -- open; 文字; wording as exported
  text_en varchar,                                -- open; 英文; wording in English
  value_code varchar,                             -- open; 标准代码; code of the standard variable it stands for
  primary key (wave_code, question_code, item_code, option_code)
);
create table ref.variables (                      -- 标准变量; standard variables that questions are linked to, one row per variable
  variable_code varchar primary key,              -- open; 变量; standard variable
  label_zh varchar not null,                      -- open; 名称; name in Chinese
  label_en varchar not null,                      -- open; 英文; name in English
  meaning_zh varchar not null,                    -- open; 含义; what it means, in one sentence
  meaning_en varchar not null,                    -- open; 英文含义; what it means, in English
  unit varchar not null,                          -- open; 单位; unit of its values (code, services, ticks, hours_per_day, visits_per_week, points, place, text)
  type_codes varchar not null,                    -- open; 题型; question types that can measure it, separated by blanks
  list_code varchar,                              -- open; 代码表; code list its values come from
  min_value double,                               -- open; 最小值; least value
  max_value double,                               -- open; 最大值; greatest value
  funnel_step integer,                            -- open; 步骤; its place among the steps from hearing of a station to coming back
  is_comparable boolean not null,                 -- open; 可跨期比较; whether waves may be compared by it at all
  is_of_place boolean not null,                   -- open; 本地变量; declared by the study itself
  sort_order integer not null                     -- open; 次序; position in the list
);
create table ref.variable_wordings (              -- 变量问法; how each wave asked for a variable, one row per variable and wave that asked
  variable_code varchar not null,                 -- open; 变量; standard variable
  wave_code varchar not null,                     -- open; 波次; wave
  area_code varchar not null,                     -- open; 地区代码; area code
  population_code varchar not null,               -- open; 总体; target population
  question_code varchar not null,                 -- open; 题号; question within the wave
  type_code varchar not null,                     -- open; 题型; question type
  type_family varchar not null,                   -- open; 题型类; types that are answered alike (one, several, number …)
  text_zh varchar not null,                       -- open; 题干; wording
  options_zh varchar not null,                    -- open; 选项; options and rows as worded, in their order
  text_key varchar not null,                      -- open; 题干指纹; equal for wordings that differ in space and width alone
  options_key varchar not null,                   -- open; 选项指纹; equal for questions that offer the same values
  base_key varchar not null,                      -- open; 范围指纹; equal for questions asked of the same people
  series_wave varchar not null,                   -- open; 同义起点; first wave of those that mean the same
  same_as_wave varchar,                           -- open; 可比波次; last earlier wave of the same population that means the same
  why_not_code varchar,                           -- open; 不可比原因; what stands against comparing it with the wave just before
  is_declared boolean not null,                   -- open; 已核; a person declared earlier waves to mean the same (comparable_with)
  primary key (variable_code, wave_code)
);

---------------------------------------------------------------------------------------------- clean: stations
create table clean.stations (                     -- 驿站; warm-heart stations, one row per station, as the latest ledger has it
  station_id varchar primary key,                 -- open; 驿站编号; area code + '-' + local code
  area_code varchar not null,                     -- open; 地区代码; area code
  local_code varchar not null,                    -- open; 本地编号; code used in the ledger
  name varchar not null,                          -- open; 名称; station name
  class_code varchar not null,                    -- open; 类别; fixed, integrated or social
  host_type_code varchar,                         -- open; 阵地类型; kind of host
  host_unit varchar,                              -- office; 责任单位; unit that runs it
  reporting_unit varchar,                         -- office; 填报单位; unit that filled the ledger
  building_id varchar,                            -- open; 楼宇; building it stands in
  grid_id varchar,                                -- open; 网格; grid cell
  address varchar,                                -- open; 地址; address of the place
  lon double,                                     -- open; 经度; longitude, WGS-84
  lat double,                                     -- open; 纬度; latitude, WGS-84
  lon_raw double,                                 -- open; 原经度; longitude as received
  lat_raw double,                                 -- open; 原纬度; latitude as received
  datum varchar,                                  -- open; 坐标系; datum of the raw coordinates
  seats integer,                                  -- open; 座位; seats
  area_m2 double,                                 -- open; 面积; floor area in square metres
  opened_on date,                                 -- open; 启用日期; day it opened
  as_of date not null,                            -- open; 台账日期; date of the ledger this row comes from
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.station_versions (             -- 驿站历次台账; what each ledger says of a station, one row per station and ledger
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  source_code varchar not null,                   -- open; 来源; source contract that reads the ledger
  as_of date not null,                            -- open; 台账日期; date of the ledger
  valid_from date not null,                       -- open; 起; from this ledger on
  valid_to date,                                  -- open; 止; until the day before the next ledger in which the station stands; empty when latest
  local_code varchar not null,                    -- open; 本地编号; code used in the ledger
  name varchar not null,                          -- open; 名称; station name
  class_code varchar not null,                    -- open; 类别; fixed, integrated or social
  host_type_code varchar,                         -- open; 阵地类型; kind of host
  host_unit varchar,                              -- office; 责任单位; unit that runs it
  reporting_unit varchar,                         -- office; 填报单位; unit that filled the ledger
  building_id varchar,                            -- open; 楼宇; building it stands in
  grid_id varchar,                                -- open; 网格; grid cell
  address varchar,                                -- open; 地址; address of the place
  lon double,                                     -- open; 经度; longitude, WGS-84
  lat double,                                     -- open; 纬度; latitude, WGS-84
  lon_raw double,                                 -- open; 原经度; longitude as received
  lat_raw double,                                 -- open; 原纬度; latitude as received
  datum varchar,                                  -- open; 坐标系; datum of the raw coordinates
  seats integer,                                  -- open; 座位; seats
  area_m2 double,                                 -- open; 面积; floor area in square metres
  opened_on date,                                 -- open; 启用日期; day it opened
  access_mode_code varchar,                       -- open; 进入方式; staffed or scan_in, as the ledger's own column says
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (station_id, as_of),
  check (valid_from <= valid_to)
);
create table clean.station_services (             -- 驿站服务; declared services, one row per station, service and validity
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  service_code varchar not null,                  -- open; 服务; service
  is_offered boolean,                             -- open; 是否提供; declared; empty means the ledger does not say
  is_working boolean,                             -- open; 是否可用; found working at the last check within the validity
  capacity_per_hour double,                       -- open; 每小时容量; people served per open hour
  valid_from date not null,                       -- open; 起; from this ledger on
  valid_to date,                                  -- open; 止; until the day before the next ledger; empty when latest
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (station_id, service_code, valid_from)
);
create table clean.station_hours (                -- 开放时间; one row per station, weekday, interval and validity; split at midnight
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  weekday integer not null check (weekday between 1 and 7),  -- open; 星期; 1 Monday to 7 Sunday
  opens_minute integer not null check (opens_minute between 0 and 1439),  -- open; 开门; minutes after midnight
  closes_minute integer not null check (closes_minute between 1 and 1440),  -- open; 关门; minutes after midnight
  access_mode_code varchar not null,              -- open; 进入方式; staffed or scan_in
  from_day varchar,                               -- open; 季节起; first month-day of the season these hours are said of, empty when of all year
  to_day varchar,                                 -- open; 季节止; last month-day of the season
  as_of date,                                     -- open; 台账日期; date of the ledger that says so
  valid_from date not null,                       -- open; 起; from this ledger on, or from when the season begins
  valid_to date,                                  -- open; 止; until; empty when latest and said of all year
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  check (opens_minute < closes_minute)
);
create table clean.closures (                     -- 关闭; times a station was shut against its hours, one row per interval
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  started_at timestamp not null,                  -- open; 起; from
  ended_at timestamp,                             -- open; 止; until; empty when not over
  reason varchar,                                 -- office; 原因; reason given
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.stock_outs (                   -- 缺货; times a service was out of stock, one row per interval
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  service_code varchar not null,                  -- open; 服务; service
  started_at timestamp not null,                  -- open; 起; from
  ended_at timestamp,                             -- open; 止; until; empty when not over
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.facilities (                   -- 设施; one row per station, item and check
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  facility_code varchar not null,                 -- open; 设施; kind of facility
  service_code varchar,                           -- open; 服务; service it enables
  n integer,                                      -- open; 数量; number there
  n_working integer,                              -- open; 可用数; number working
  checked_on date not null,                       -- open; 检查日期; day of the check
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.map_listings (                 -- 地图可查; one row per station, map and check
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  map_code varchar not null,                      -- open; 地图; map service (map_a, map_b)
  is_listed boolean,                              -- open; 是否可查; found on the map
  checked_on date not null,                       -- open; 检查日期; day of the check
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.service_checks (               -- 服务检查; dated inspections, one row per station, service and check
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  service_code varchar not null,                  -- open; 服务; service
  status_code varchar not null,                   -- open; 结果; met, partly, not_met or unknown
  checked_on date not null,                       -- open; 检查日期; day of the check
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.standard_checks (              -- 标准检查; the seven standards, one row per station, standard and check
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  standard_code varchar not null,                 -- open; 标准; standard
  status_code varchar not null,                   -- open; 结果; met, partly, not_met or unknown
  checked_on date not null,                       -- open; 检查日期; day of the check
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.staff_rankings (               -- 站点人员排序; what staff say couriers need most, one row per station, date and rank
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  as_of date not null,                            -- open; 填报日期; date of the ranking
  rank integer not null,                          -- open; 名次; 1 is needed most
  service_code varchar not null,                  -- open; 服务; service
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);

------------------------------------------------------------------------------------------------- clean: places
create table clean.buildings (                    -- 商务楼宇; office buildings, one row per building
  building_id varchar primary key,                -- open; 楼宇编号; area code + '-' + local code
  area_code varchar not null,                     -- open; 地区代码; area code
  name varchar not null,                          -- open; 名称; building name
  grid_id varchar,                                -- open; 网格; grid cell
  lon double,                                     -- open; 经度; longitude, WGS-84
  lat double,                                     -- open; 纬度; latitude, WGS-84
  n_workers double,                               -- open; 办公人数; people working there
  n_workers_qualifier varchar,                    -- open; 限定; eq, gt, lt or approx
  outline_wkt varchar,                            -- open; 轮廓; outline, WGS-84
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.grids (                        -- 网格; grid cells, one row per cell
  grid_id varchar primary key,                    -- open; 网格编号; area code + '-' + local code
  area_code varchar not null,                     -- open; 地区代码; area code
  label_zh varchar not null,                      -- open; 名称; name
  outline_wkt varchar not null,                   -- open; 轮廓; outline, WGS-84
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.boundaries (                   -- 边界; one row per area
  area_code varchar primary key,                  -- open; 地区代码; area code
  outline_wkt varchar not null,                   -- open; 轮廓; outline, WGS-84
  source varchar not null,                        -- open; 出处; where the outline comes from
  map_approval_no varchar,                        -- open; 审图号; number of map approval (审图号), needed to draw the outline for the public
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.depots (                       -- 快递网点; courier depots (the employer's site), one row per depot
  depot_id varchar primary key,                   -- open; 网点编号; area code + '-' + local code
  area_code varchar not null,                     -- open; 地区代码; area code
  name varchar not null,                          -- office; 名称; depot name
  platform_code varchar not null,                 -- open; 平台; platform or company
  grid_id varchar,                                -- open; 网格; grid cell
  n_couriers integer,                             -- open; 小哥人数; couriers attached
  as_of date not null,                            -- open; 时点; date of the count
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.courier_presence (             -- 小哥出现量; one row per building and hour of week
  building_id varchar not null,                   -- open; 楼宇; building
  area_code varchar not null,                     -- open; 地区代码; area code
  hour_of_week integer not null check (hour_of_week between 0 and 167),  -- open; 周内小时; 0 = Monday 00:00-01:00
  n_couriers double not null,                     -- open; 预计小哥数; expected couriers near the building
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (building_id, hour_of_week)
);
create table clean.walking_distances (            -- 步行距离; from building to station on foot, one row per pair that was given
  building_id varchar not null,                   -- open; 楼宇; building
  area_code varchar not null,                     -- open; 地区代码; area code
  station_id varchar not null,                    -- open; 驿站; warm-heart station
  walking_m double not null check (walking_m between 0 and 20000),  -- open; 步行米数; metres on foot, door to door
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (building_id, station_id)
);

------------------------------------------------------------------------------------------------ clean: surveys
create table clean.respondents (                  -- 受访者; one row per wave and respondent
  wave_code varchar not null,                     -- open; 波次; wave
  respondent_id varchar not null,                 -- restricted; 受访者; respondent within the wave (number in the export)
  area_code varchar not null,                     -- open; 地区代码; area code
  submitted_at timestamp,                         -- office; 提交时间; local wall clock
  duration_seconds integer,                       -- office; 用时; seconds taken
  mode_code varchar not null,                     -- open; 方式; qr, intercept, link or paper
  stratum_code varchar,                           -- open; 层; design stratum
  psu_id varchar,                                 -- office; 初级单元; primary sampling unit
  station_id varchar,                             -- open; 驿站; station the respondent names
  grid_id varchar,                                -- open; 网格; grid cell the respondent works in most
  user_group_code varchar,                        -- open; 人群; courier or rider ...
  platform_code varchar,                          -- open; 平台; platform
  employment_type_code varchar,                   -- open; 用工形式; full-time, crowd-sourced, part-time
  shift_code varchar,                             -- open; 班次; shift
  hours_per_day double,                           -- open; 日工时; hours worked a day
  gender_code varchar,                            -- open; 性别; gender
  age_band_code varchar,                          -- open; 年龄段; age band
  visits_per_week double,                         -- open; 每周到访; station visits a week
  satisfaction double,                            -- open; 满意度; 1 to 5
  panel_key varchar,                              -- restricted; 追踪键; keyed pseudonym that links waves, only where permitted
  is_speeder boolean not null,                    -- office; 答题过快; under a third of the wave's usual time, in all and per item
  is_straightliner boolean not null,              -- office; 直线作答; same answer in every row although rows are reversed, or options ticked in steps
  is_attention_failed boolean not null,           -- office; 注意力题未通过; failed the attention check
  is_duplicate boolean not null,                  -- office; 疑似重复; same panel key, or nearly the same sheet, again: the later one
  is_contradiction boolean not null default false,  -- office; 自相矛盾; says what cannot be both, or answers that never go together
  is_machine_timed boolean not null default false,  -- office; 机器般的时间; submitted or filled in at even steps, as no person does
  is_burst boolean not null default false,        -- office; 集中涌入; many at once, and odd in answers or time as a group
  is_valid boolean not null,                      -- office; 有效; kept by the default rule (no flag that the wave drops)
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (wave_code, respondent_id)
);
create table clean.answers (                      -- 回答; one row per wave, respondent, question, item and option
  wave_code varchar not null,                     -- open; 波次; wave
  respondent_id varchar not null,                 -- restricted; 受访者; respondent
  area_code varchar not null,                     -- open; 地区代码; area code
  question_code varchar not null,                 -- open; 题号; question
  item_code varchar not null,                     -- open; 行; matrix row or ''
  option_code varchar not null,                   -- open; 选项; option of a multiple question, else ''
  state varchar not null check (state in ('answered', 'blank', 'not_shown')),  -- open; 状态; answer state
  value_text varchar,                             -- restricted; 文字值; option code, text (screened) or date
  value_number double,                            -- office; 数值; number, scale point, rank, or 1/0 for a multiple option
  cell_position integer,                          -- open; 格中位置; place of the option among those joined in one cell, from 1
  missing_mark varchar,                           -- open; 缺失记号; mark that stood in the cell of a missing answer, where several can mean its state
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (wave_code, respondent_id, question_code, item_code, option_code)
);
create table clean.answer_topics (                -- 开放题归类; topics of what respondents wrote in their own words, one row per wave, respondent, question and topic
  wave_code varchar not null,                     -- open; 波次; wave
  respondent_id varchar not null,                 -- restricted; 受访者; respondent
  area_code varchar not null,                     -- open; 地区代码; area code
  question_code varchar not null,                 -- open; 题号; question: a text question, or one with something written beside an option
  topic_code varchar not null,                    -- open; 事项; topic of metadata/open_answers.toml; uncoded where no keyword matches
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (wave_code, respondent_id, question_code, topic_code)
);
create table clean.released_quotes (              -- 放行的原话; sentences a reviewer released in place/quotes.toml, one row per sentence, area and topic
  wave_code varchar not null,                     -- open; 波次; wave
  area_code varchar not null,                     -- open; 地区代码; area code
  question_code varchar not null,                 -- open; 题号; question
  topic_code varchar not null,                    -- open; 事项; topic the sentence falls under, or uncoded
  quote varchar not null,                         -- open; 原话; the sentence, screened and released
  reviewed_by varchar not null,                   -- office; 核对人; who released it
  reviewed_on date not null,                      -- open; 核对日期; day of the release
  primary key (wave_code, area_code, question_code, topic_code, quote)
);
create table clean.respondent_weights (           -- 权重; one row per wave, respondent and weight set
  wave_code varchar not null,                     -- open; 波次; wave
  respondent_id varchar not null,                 -- restricted; 受访者; respondent
  area_code varchar not null,                     -- open; 地区代码; area code
  weight_set_code varchar not null,               -- open; 权重组; equal, poststratified, raked or visit_adjusted
  weight double not null,                         -- office; 权重; weight; all of a set sum to the population, but equal
  inclusion double,                               -- office; 入样概率; chance to be in the sample before adjusting to totals, where known
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (wave_code, respondent_id, weight_set_code)
);
create table clean.respondent_margins (           -- 加权类别; the level each respondent was weighed in, small ones merged, one row per wave, respondent, weight set and margin
  wave_code varchar not null,                     -- open; 波次; wave
  respondent_id varchar not null,                 -- restricted; 受访者; respondent
  area_code varchar not null,                     -- open; 地区代码; area code
  weight_set_code varchar not null,               -- open; 权重组; weight set
  margin varchar not null,                        -- open; 加权变量; variable whose totals are known
  level varchar not null,                         -- open; 类别; its level; merged ones joined by +, unsaid where not answered
  primary key (wave_code, respondent_id, weight_set_code, margin)
);
create table clean.population_frame (             -- 总体框; one row per platform, employment type and date
  area_code varchar not null,                     -- open; 地区代码; area code
  user_group_code varchar not null,               -- open; 人群; courier or rider
  platform_code varchar not null,                 -- open; 平台; platform
  employment_type_code varchar not null,          -- open; 用工形式; employment type
  n_persons double not null,                      -- open; 人数; persons
  n_persons_qualifier varchar not null,           -- open; 限定; eq, gt, lt or approx
  as_of date not null,                            -- open; 时点; date of the count
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);

create view clean.valid_respondents as            -- 有效小哥答卷; valid answers of couriers and riders with the weight in use, one row per wave and respondent
with sets as (  -- one weight set per wave: the one its file names, else the best there is; the better ones sort later
  select g.wave_code, coalesce(any_value(w.weight_set_code), max(g.weight_set_code)) as weight_set_code
  from clean.respondent_weights as g join ref.waves as w on w.wave_code = g.wave_code group by g.wave_code
)
select r.wave_code, r.respondent_id, r.area_code, w.period_code, w.population_code, r.mode_code, r.stratum_code, r.psu_id,
       r.station_id, r.grid_id, r.user_group_code, r.platform_code, r.employment_type_code, r.shift_code, r.hours_per_day,
       r.gender_code, r.age_band_code, r.visits_per_week, r.satisfaction,
       coalesce(s.weight_set_code, 'equal') as weight_set_code,
       case when s.weight_set_code is null then 1.0 else g.weight end as weight
from clean.respondents as r
join ref.waves as w on w.wave_code = r.wave_code
left join sets as s on s.wave_code = r.wave_code
left join clean.respondent_weights as g
  on g.wave_code = r.wave_code and g.respondent_id = r.respondent_id and g.weight_set_code = s.weight_set_code
where r.is_valid and r.user_group_code in ('courier', 'rider');
create view clean.service_needs as                -- 服务需求; what each respondent was asked and said they need, one row per wave, respondent and service
with ticks as (  -- every tick of the two multiple-answer questions, by the service its option stands for
  select a.wave_code, a.respondent_id, a.area_code, q.variable_code, o.value_code as service_code, a.value_number = 1 as is_ticked
  from clean.answers as a
  join ref.questions as q on q.wave_code = a.wave_code and q.question_code = a.question_code
  join ref.options as o
    on o.wave_code = a.wave_code and o.question_code = a.question_code and o.item_code = a.item_code
   and o.option_code = a.option_code
  join ref.services as s on s.service_code = o.value_code
  where q.variable_code in ('need', 'met') and a.state = 'answered'
)
select wave_code, respondent_id, area_code, service_code,
       bool_or(is_ticked) filter (where variable_code = 'need') as is_needed,
       bool_or(is_ticked) filter (where variable_code = 'met') as is_met_at_work
from ticks
group by wave_code, respondent_id, area_code, service_code
having count(*) filter (where variable_code = 'need') > 0;

--------------------------------------------------------------------------------------------------- clean: use
create table clean.service_events (               -- 服务使用; logged use, one row per event; a view over the stored Parquet files once there are any
  event_id varchar,                               -- restricted; 事件编号; id given by the logging system, or made from source and row
  event_kind_code varchar not null,               -- open; 粒度; entry (door), use (of a service) or request
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  service_code varchar,                           -- open; 服务; service; empty for a door scan
  used_at timestamp not null,                     -- office; 时间; local wall clock
  user_group_code varchar not null,               -- open; 人群; user group; unknown is a group of its own
  courier_key varchar,                            -- restricted; 使用者键; keyed pseudonym, rotated by month
  n_visits integer not null,                      -- open; 人次; visits
  n_persons integer,                              -- open; 人数; persons, where the source counts persons
  duration_minutes double,                        -- open; 停留分钟; minutes
  outcome_code varchar not null,                  -- open; 结果; served, stocked_out, closed or refused
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.monthly_counts (               -- 月报汇总; reported aggregates, never mixed with events; one row per station, month and measure
  station_id varchar not null,                    -- open; 驿站编号; station
  area_code varchar not null,                     -- open; 地区代码; area code
  month_on date not null,                         -- open; 月份; first day of the month
  measure_code varchar not null,                  -- open; 指标; visits, persons, meals, activities ...
  value double not null,                          -- open; 数值; reported figure
  qualifier varchar not null,                     -- open; 限定; eq, gt, lt or approx
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (station_id, month_on, measure_code)
);

------------------------------------------------------------------------------------------- clean: the programme
create table clean.partnerships (                 -- 五企包一站结对; partner units of a depot, one row per pairing
  partnership_id varchar primary key,             -- open; 结对编号; pairing
  area_code varchar not null,                     -- open; 地区代码; area code
  depot_id varchar not null,                      -- open; 网点; depot (not a warm-heart station)
  partner_name varchar not null,                  -- office; 单位; partner unit
  partner_type_code varchar not null,             -- open; 单位类型; government, company, organisation, legal_team
  started_on date not null,                       -- open; 起; since
  ended_on date,                                  -- open; 止; until
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.partnership_actions (          -- 结对行动; one row per action
  action_id varchar primary key,                  -- open; 行动编号; action
  area_code varchar not null,                     -- open; 地区代码; area code
  partnership_id varchar not null,                -- open; 结对编号; pairing
  content_code varchar not null,                  -- open; 内容; one of the six contents
  held_on date not null,                          -- open; 日期; day
  n_persons integer,                              -- open; 受益人数; beneficiaries
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.partner_offers (               -- 伙伴优惠; one row per offer
  offer_id varchar primary key,                   -- open; 优惠编号; offer
  area_code varchar not null,                     -- open; 地区代码; area code
  station_id varchar not null,                    -- open; 驿站; station where it is redeemed
  service_code varchar not null,                  -- open; 服务; service
  partner_name varchar,                           -- office; 单位; partner unit
  valid_from date not null,                       -- open; 起; from
  valid_to date,                                  -- open; 止; until
  n_redeemed integer,                             -- open; 使用次数; times redeemed
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.cases (                        -- 帮扶个案; topic and months only, one row per case
  case_id varchar primary key,                    -- office; 个案编号; case
  area_code varchar not null,                     -- open; 地区代码; area code
  topic_code varchar not null,                    -- office; 事项; topic
  channel_code varchar,                           -- open; 渠道; channel
  opened_month_on date not null,                  -- office; 受理月; first day of the month opened
  closed_month_on date,                           -- office; 办结月; first day of the month closed
  outcome_text varchar,                           -- office; 结果; outcome in a word
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.activity_days (                -- 活动日; one row per activity day
  activity_id varchar primary key,                -- open; 活动编号; activity
  area_code varchar not null,                     -- open; 地区代码; area code
  station_id varchar,                             -- open; 驿站; place
  held_on date not null,                          -- open; 日期; day
  label_zh varchar not null,                      -- open; 活动; name
  n_items integer,                                -- open; 发放件数; items given
  n_visits integer,                               -- open; 人次; visits
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.contact_events (               -- 诉求联络; grid, foot patrol and WeChat, one row per event
  contact_id varchar primary key,                 -- open; 编号; event
  area_code varchar not null,                     -- open; 地区代码; area code
  grid_id varchar,                                -- open; 网格; grid cell
  channel_code varchar not null,                  -- open; 渠道; grid, foot or wechat
  topic_code varchar not null,                    -- open; 事项; topic
  raised_at timestamp not null,                   -- open; 提出; raised
  closed_at timestamp,                            -- open; 办结; closed
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.suggestions (                  -- 建言献策; one row per suggestion
  suggestion_id varchar primary key,              -- open; 编号; suggestion
  area_code varchar not null,                     -- open; 地区代码; area code
  station_id varchar,                             -- open; 驿站; station it concerns
  month_on date not null,                         -- open; 月份; first day of the month
  topic_code varchar not null,                    -- open; 事项; topic
  service_code varchar,                           -- open; 涉及服务; service it concerns, if one is named
  status_code varchar not null,                   -- open; 状态; adopted, in_progress, declined, open
  reply_days integer,                             -- open; 答复天数; days until a reply
  closed_on date,                                 -- open; 办结日期; day on which it was carried out
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.building_leads (               -- 楼长; one row per building and role
  area_code varchar not null,                     -- open; 地区代码; area code
  building_id varchar not null,                   -- open; 楼宇; building
  tier_code varchar not null,                     -- open; 层级; first (district-assigned) or dual
  role_zh varchar not null,                       -- open; 角色; role, never a name
  since_on date,                                  -- open; 起; since
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.infrastructure (               -- 配套设施; lockers, parking, one row per site
  infrastructure_id varchar primary key,          -- open; 编号; site
  area_code varchar not null,                     -- open; 地区代码; area code
  building_id varchar,                            -- open; 楼宇; building
  kind_code varchar not null,                     -- open; 种类; locker, parking, battery_swap
  capacity integer,                               -- open; 容量; lockers or bays
  installed_on date,                              -- open; 启用日期; in use since
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.depot_coverage (               -- 网点覆盖; Party-organisation coverage, one row per depot and date
  depot_id varchar not null,                      -- open; 网点; depot
  area_code varchar not null,                     -- open; 地区代码; area code
  mode_code varchar not null,                     -- open; 覆盖方式; branch, worker or none
  since_on date,                                  -- open; 起; since
  as_of date not null,                            -- open; 时点; date of the list
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null
);
create table clean.weather_days (                 -- 天气; one row per area and day
  area_code varchar not null,                     -- open; 地区代码; area code
  day_on date not null,                           -- open; 日期; day
  max_celsius double,                             -- open; 最高气温; daily maximum
  min_celsius double,                             -- open; 最低气温; daily minimum
  rain_mm double,                                 -- open; 降水; millimetres
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (area_code, day_on)
);

---------------------------------------------------------------------------------------------------------- audit
create table audit.source_files (                 -- 源文件; one row per file received
  source_file_id varchar primary key,             -- open; 文件编号; first 16 characters of the hash of path and content
  path varchar not null,                          -- office; 路径; path below raw/
  sha256 varchar not null,                        -- open; 校验和; SHA-256 of the content
  bytes bigint not null,                          -- open; 字节; size
  family varchar not null,                        -- open; 文件类; file family
  encoding varchar,                               -- open; 编码; text encoding
  source_code varchar,                            -- open; 来源; source contract or wave that read it; empty: no contract claims the file
  area_code varchar,                              -- open; 地区代码; area
  as_of date,                                     -- open; 时点; date the file speaks of
  is_simulated boolean not null                   -- open; 模拟; made by the simulator
);
create table audit.row_ledger (                   -- 行账; one row per file and sheet: every raw row is accounted for
  source_file_id varchar not null,                -- open; 文件; file
  source_sheet varchar not null,                  -- open; 工作表; sheet
  n_read bigint not null,                         -- open; 读入; distinct raw data rows
  n_clean bigint not null,                        -- open; 采用; rows used
  n_duplicate bigint not null,                    -- open; 重复; duplicates
  n_rejected bigint not null,                     -- open; 退回; rejected
  n_set_aside bigint not null,                    -- open; 另存; set aside (totals, hidden sheets, remarks)
  primary key (source_file_id, source_sheet),
  check (n_read = n_clean + n_duplicate + n_rejected + n_set_aside)
);
create table audit.row_fates (                    -- 行去向; one row per non-clean row and fault
  source_file_id varchar not null,                -- open; 文件; file
  source_sheet varchar not null,                  -- open; 工作表; sheet
  source_row integer not null,                    -- open; 行号; row
  fate varchar not null check (fate in ('duplicate', 'rejected', 'set_aside')),  -- open; 去向; fate
  column_name varchar,                            -- open; 列; column at fault, as headed in the file
  reason_code varchar not null,                   -- open; 原因代码; reason
  kept_row varchar                                -- office; 保留行; row kept instead, as file id:sheet:row
);
create table audit.refused_places (               -- 被退回的登记行; rows of a register that were rejected: they stand in it, but what they say is not known; one row per rejected row
  kind_code varchar not null,                     -- open; 登记对象; station, building, grid or depot
  area_code varchar not null,                     -- open; 地区代码; area code
  source_code varchar not null,                   -- open; 来源; source contract that reads the register
  as_of date,                                     -- open; 时点; date of the register
  place_id varchar,                               -- open; 编号; place the row names, by its code or else by its name; empty when it names none
  source_file_id varchar not null, source_sheet varchar not null, source_row integer not null,
  primary key (kind_code, source_file_id, source_sheet, source_row)
);
create table audit.uncoded_words (                -- 未归类的词; words shared by answers without a topic, for whoever reviews the keywords; one row per wave, area, question and word
  wave_code varchar not null,                     -- open; 波次; wave
  area_code varchar not null,                     -- open; 地区代码; area code
  question_code varchar not null,                 -- open; 题号; question
  word varchar not null,                          -- office; 词; word of two letters or more, screened, written by as many respondents as may be shown
  n_respondents bigint not null,                  -- office; 答卷数; respondents who wrote it
  primary key (wave_code, area_code, question_code, word)
);
create table audit.reasons (                      -- 原因; words for reason codes, one row per code
  reason_code varchar primary key,                -- open; 原因代码; reason
  label_zh varchar not null,                      -- open; 中文; message in Chinese, never a value
  label_en varchar not null                       -- open; 英文; message in English, never a value
);
create view audit.rejected_rows as               -- 退回的行; rejected rows with words, one row per rejected row and fault
select f.source_file_id, s.path, s.source_code, f.source_sheet, f.source_row, f.column_name, f.reason_code,
       r.label_zh, r.label_en, f.kept_row
from audit.row_fates as f
join audit.source_files as s using (source_file_id)
left join audit.reasons as r using (reason_code)
where f.fate = 'rejected';
create table audit.notices (                      -- 提示; things seen that reject no row: unknown extra columns, unclaimed files; one row per notice
  source_file_id varchar,                         -- open; 文件; file
  source_sheet varchar,                           -- open; 工作表; sheet
  column_name varchar,                            -- open; 列; column
  reason_code varchar not null,                   -- open; 原因代码; reason
  n bigint                                        -- open; 次数; how often
);
create table audit.weight_reports (               -- 加权报告; how each weight set came about and what it costs, one row per wave, area and weight set
  wave_code varchar not null,                     -- open; 波次; wave
  area_code varchar not null,                     -- open; 地区代码; area code
  weight_set_code varchar not null,               -- open; 权重组; weight set
  is_in_use boolean not null,                     -- open; 采用; estimates are made with it
  method varchar not null,                        -- open; 方法; equal, poststratify, rake, rake_within, visits_rake ...
  population_code varchar,                        -- open; 总体; target population of the wave
  speaks_for varchar not null,                    -- open; 代表谁; that population, or respondents where no totals are known
  margins varchar not null,                       -- open; 加权变量; variables whose totals it meets, separated by blanks
  n integer not null,                             -- open; 人数; respondents it weighs
  population double not null,                     -- open; 权重合计; sum of the weights
  iterations integer not null,                    -- open; 迭代次数; iterations
  max_margin_error double not null,               -- open; 最大边际误差; largest relative difference from a total
  g_min double not null,                          -- open; 最小调整; smallest new / old weight
  g_max double not null,                          -- open; 最大调整; largest new / old weight
  cv double not null,                             -- open; 权重变异; standard deviation / mean of the weights
  kish_deff double not null,                      -- open; 加权代价; design effect of unequal weights, 1 + cv²
  n_eff double not null,                          -- open; 有效人数; n / kish_deff
  r_indicator double,                             -- open; 代表性; R-indicator of who answered, by the cells of the frame; 1 where all answer alike; empty below 20 respondents
  covers_never_visitors boolean,                  -- open; 含从不到站者; somebody speaks for those who never come; empty where not asked
  note_zh varchar,                                -- open; 说明; what to know of it, in Chinese
  note_en varchar,                                -- open; 英文说明; what to know of it, in English
  primary key (wave_code, area_code, weight_set_code)
);
create table audit.pair_disagreements (           -- 两种导出不一致; answers in which the text and the number export of one survey differ, one row per answer; the text export is used
  wave_code varchar not null,                     -- open; 波次; wave
  respondent_id varchar not null,                 -- restricted; 受访者; respondent
  question_code varchar not null,                 -- open; 题号; question
  item_code varchar not null,                     -- open; 行; matrix row or ''
  option_code varchar not null,                   -- open; 选项; option of a multiple question, else ''
  text_says varchar,                              -- restricted; 文本导出; option code, number or state in the text export
  number_says varchar,                            -- restricted; 序号导出; option code, number or state in the number export
  source_file_id varchar not null, source_sheet varchar not null, source_row integer,
  other_file_id varchar not null,                 -- open; 序号导出文件; file of the number export
  other_row integer,                              -- open; 序号导出行号; row in the number export
  primary key (wave_code, respondent_id, question_code, item_code, option_code)
);
create table audit.corrections (                  -- 更正; reviewed corrections applied, one row per cell
  source_file_id varchar not null,                -- open; 文件; file
  source_sheet varchar not null,                  -- open; 工作表; sheet
  source_row integer not null,                    -- open; 行号; row
  column_name varchar not null,                   -- open; 列; column, as headed in the file
  reason varchar not null,                        -- office; 理由; why it was corrected
  reviewed_on date not null,                      -- open; 核对日期; day of the review
  decided_in varchar not null,                    -- office; 出处; file and block in place/corrections
  primary key (source_file_id, source_sheet, source_row, column_name)
);
create table audit.total_checks (                 -- 合计核对; what a sheet states of its own rows against those rows, one row per stated figure
  source_file_id varchar not null,                -- open; 文件; file
  source_sheet varchar not null,                  -- open; 工作表; sheet
  source_row integer not null,                    -- open; 行号; row the figure stands in
  column_name varchar not null,                   -- open; 列; column, as headed in the file
  kind_code varchar not null check (kind_code in ('total', 'subtotal', 'group_count', 'row_total')),  -- open; 种类; total, subtotal, count in a group heading, or sum across the columns of a row
  cell varchar not null,                          -- open; 单元格; where it stands, as a spreadsheet names it
  stated double not null,                         -- office; 所写; figure stated in the file, in the unit of its column
  qualifier varchar not null,                     -- open; 限定; eq, gt, lt or approx
  counted double not null,                        -- office; 清点; what the raw rows give, refused and repeated ones too
  n_rows integer not null,                        -- open; 行数; raw rows it covers
  agrees boolean,                                 -- open; 相符; the two can be the same; empty when a cell among them cannot be read
  primary key (source_file_id, source_sheet, source_row, cell, kind_code)
);
create table audit.unknown_values (               -- 没看懂的写法; texts that no code list and no register knows, one row per file, sheet, column and text
  source_file_id varchar not null,                -- open; 文件; file
  source_sheet varchar not null,                  -- open; 工作表; sheet
  source_row integer not null,                    -- open; 行号; first row that says it
  n_rows bigint not null,                         -- open; 行数; rows that say it
  area_code varchar not null,                     -- open; 地区代码; area
  column_name varchar not null,                   -- open; 列; column, as headed in the file
  list_code varchar not null,                     -- open; 代码表; code list, or kind of place: station, building, grid, depot
  value_text varchar not null,                    -- office; 原文; the text, what looks personal in it masked
  reason_code varchar not null,                   -- open; 原因代码; reason
  other_kind varchar,                             -- open; 另一种地点; kind of place that it names instead, union_station included
  is_open boolean not null                        -- open; 待决定; still to be decided in the review workbook
);
create table audit.candidates (                   -- 候选地点; places that an unknown text might mean, never merged, one row per text and candidate
  area_code varchar not null,                     -- open; 地区代码; area
  list_code varchar not null,                     -- open; 种类; kind of place
  value_text varchar not null,                    -- office; 原文; the text
  rank integer not null,                          -- open; 名次; 1 is the most alike
  place_id varchar not null,                      -- open; 候选编号; candidate, area code + '-' + local code
  local_code varchar not null,                    -- open; 本地编号; its code in the register
  name varchar not null,                          -- office; 候选名称; its name
  score integer not null check (score between 0 and 100),  -- open; 相似度; likeness, 0 to 100
  why_code varchar not null check (why_code in ('name', 'alias', 'code')),  -- open; 依据; what is alike
  distance_m double,                              -- open; 距离; metres from the row that says it, where both are on the map
  primary key (area_code, list_code, value_text, rank)
);
create table audit.similar_places (               -- 疑似重复; places of one register that look alike, never merged, one row per pair
  area_code varchar not null,                     -- open; 地区代码; area
  list_code varchar not null,                     -- open; 种类; kind of place
  place_id varchar not null,                      -- open; 编号; one of the two
  name varchar not null,                          -- office; 名称; its name
  other_id varchar not null,                      -- open; 另一编号; the other
  other_name varchar not null,                    -- office; 另一名称; its name
  score integer not null check (score between 0 and 100),  -- open; 相似度; likeness of the names, 0 to 100
  distance_m double,                              -- open; 距离; metres between them
  primary key (place_id, other_id)
);
create table audit.proposed_corrections (         -- 建议更正; corrections to accept or decline, one row per cell
  source_code varchar not null,                   -- open; 来源; source contract
  source_file_id varchar not null,                -- open; 文件; file
  source_sheet varchar not null,                  -- open; 工作表; sheet
  source_row integer not null,                    -- open; 行号; row
  column_name varchar not null,                   -- open; 列; column, as headed in the file
  old_text varchar not null,                      -- office; 现值; what stands there
  new_text varchar not null,                      -- office; 建议值; what is proposed
  reason_code varchar not null,                   -- open; 原因代码; reason
  primary key (source_file_id, source_sheet, source_row, column_name)
);
create table audit.rule_results (                 -- 校验结果; one row per expectation
  rule_code varchar primary key,                  -- open; 规则; rule
  table_name varchar not null,                    -- open; 表; table
  column_name varchar,                            -- open; 列; column
  kind varchar not null,                          -- open; 类型; kind of expectation
  severity varchar not null check (severity in ('critical', 'warning', 'info')),  -- open; 严重程度; what a failure does
  why_zh varchar not null,                        -- open; 理由; why the rule holds
  why_en varchar not null,                        -- open; 英文理由; why, in English
  observed varchar,                               -- open; 实测; what was seen (counts only)
  n_unexpected bigint,                            -- open; 不符行数; rows that break it
  passed boolean not null                         -- open; 通过; held
);
create table audit.builds (                       -- 构建记录; one row per build and stage, copied forward
  build_id varchar not null,                      -- open; 构建; build
  code_version varchar not null,                  -- open; 代码版本; hash of the code
  inputs_sha256 varchar not null,                 -- open; 输入校验和; hash over raw and place
  started_at timestamp not null,                  -- open; 开始; started, local clock of the machine
  engine varchar not null,                        -- open; 引擎; duckdb or spark
  stage varchar not null,                         -- open; 阶段; stage
  seconds double not null,                        -- open; 秒; seconds taken
  primary key (build_id, stage)
);
create table audit.count_files (                  -- 按月汇总文件; Parquet files of the marts counted by month, one row per file
  path varchar not null,                          -- office; 路径; path below processed/
  mart_name varchar not null,                     -- open; 汇总表; mart
  primary key (path)
);
create table audit.event_files (                  -- 事件文件; Parquet files this build means, one row per file
  path varchar not null,                          -- office; 路径; path below processed/
  source_file_id varchar not null,                -- open; 文件; source
  month_on date not null,                         -- open; 月份; first day of the month
  n_rows bigint not null,                         -- open; 行数; rows in the file
  primary key (path)
);
