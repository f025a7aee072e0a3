"""The rows of the dashboard, from what is in force to what runs out."""

from typing import Final

from deploy.dashboard.panel import PODS, ROUTES, Panel, Query, Row, increase, mean, quantiles, rate, series, slow

OURS: Final = f'{{job=~"(.*/)?upload-sidecar",{PODS}}}'
"""Of series that other programs have too."""
YES: Final = (("0", "no"), ("1", "yes"))

STATE: Final = Row(
    "State: what is in force",
    (
        Panel("Mode", "Which mode holds in how many pods. Two at once: a roll-out, or a switch on some pods only.",
              (Query(f"sum by (mode) ({series('mode')}) > 0", "{{mode}}"),), kind="stat", width=4),
        Panel("Enforced share", "Share of the clients whose bad uploads are refused, by route; 0 in monitor and off.",
              (Query(f"min by (route) ({series('enforced_ratio', labels=ROUTES)})", "{{route}}"),),
              unit="percentunit", kind="bargauge", width=4),
        Panel("Pods", "Sidecars that answer, of them those that are ready, and those that drain.",
              (Query(f"sum(up{OURS})", "answer"),
               Query(f"sum({series('ready')})", "ready"), Query(f"sum({series('draining')})", "drain")),
              kind="stat", width=4),
        Panel("Configurations",
              "Different configurations in force. More than one for longer than two minutes is wrong.",
              (Query(f"count(count by (sha256) ({series('config_info')} == 1))", "in force"),),
              kind="stat", width=4, red_above=2),
        Panel("Last reload taken", "no: the file that was read last is wrong, and the one before goes on.",
              (Query(f"min by (pod) ({series('config_last_reload_successful')})", "{{pod}}"),),
              kind="stat", width=4, names=YES),
        Panel("Held down by a switch",
              "yes: the annotation or the loopback switch holds the mode below the configuration.",
              (Query(f"max by (pod) ({series('mode_lowered')})", "{{pod}}"),), kind="stat", width=4, names=YES),
        Panel("Who decided the mode",
              "The place that decided: configuration (file, environment, flag), mode_file, control.",
              (Query(f"sum by (source) ({series('mode_source')}) > 0", "{{source}}"),), kind="stat", width=6),
        Panel("Mode in force since", "Since when; a restart begins anew.",
              (Query(f"max by (pod) ({series('mode_since_timestamp_seconds')}) * 1000", "{{pod}}"),),
              unit="dateTimeFromNow", kind="stat", width=6),
        Panel("Mode file readable", "no: the annotation cannot be read, so the fastest switch would not work.",
              (Query(f"min by (pod) ({series('mode_file_valid')})", "{{pod}}"),), kind="stat", width=6, names=YES),
        Panel("Version", "More than one during a roll-out only.",
              (Query(f"count by (version) ({series('build_info')})", "{{version}}"),), kind="stat", width=6),
    ),
)  # fmt: skip

DECISIONS: Final = Row(
    "Decisions: what was found, and what was done",
    (
        Panel("What monitor would have refused",
              "Findings in uploads that were forwarded, by reason, in the time shown. "
              "Before enforce, every line is understood or gone. What a policy lets in unexamined counts too.",
              (Query(increase("findings_total", 'action="forwarded"', by="reason"), "{{reason}}", instant=True),),
              kind="bargauge", width=12),
        Panel("Refused, by reason", "Findings in uploads that were refused, in the time shown. docs/reasons.md tells "
              "what each means.",
              (Query(increase("findings_total", 'action="rejected"', by="reason"), "{{reason}}", instant=True),),
              kind="bargauge", width=12),
        Panel("Uploads", "By what was found and what was decided. not_inspected: mode off, or the client went away or "
              "was too slow, or there was no room. forwarded: let through; requests tell whether the service took it.",
              (Query(rate("uploads_total", by="verdict, action", labels=ROUTES), "{{verdict}}, {{action}}"),),
              unit="reqps", stacked=True),
        Panel("Share of uploads refused",
              "By route. A jump right after a change is the change: compare the annotations.",
              (Query(rate("uploads_total", 'action="rejected"', 'verdict=~"bad|not_examined"',
                          by="route", labels=ROUTES)
                     + " / " + rate("uploads_total", by="route", labels=ROUTES), "{{route}}"),), unit="percentunit"),
        Panel("Not examined",
              "Uploads that nobody could judge, by route and what became of them. Forwarded ones are a gap.",
              (Query(rate("uploads_total", 'verdict="not_examined"', by="route, action", labels=ROUTES),
                     "{{route}}, {{action}}"),), unit="reqps"),
        Panel("Found by checks on trial", "Findings of checks with `mode: monitor` of their own, in the time shown.",
              (Query(increase("findings_total", 'action="monitored"', by="reason"), "{{reason}}", instant=True),),
              kind="bargauge"),
        Panel("Files by type", "What the content says, not the name; in the time shown.",
              (Query(f"topk(15, {increase('files_total', by='type')})", "{{type}}", instant=True),), kind="bargauge"),
        Panel("File sizes", "Of files that were seen to their end.", quantiles("file_size_bytes"), unit="bytes"),
    ),
)  # fmt: skip

TRAFFIC: Final = Row(
    "Rate, errors, duration",
    (
        Panel("Requests by status", "All requests, by the status that the client got; none: it went away before.",
              (Query(rate("requests_total", by="code", labels=ROUTES), "{{code}}"),), unit="reqps", stacked=True),
        Panel("Share of errors", "Answers of 5xx, by whomever. Against the objective of 0.1 % over 30 days.",
              (Query(rate("requests_total", 'code=~"5.."', by="route", labels=ROUTES)
                     + " / " + rate("requests_total", by="route", labels=ROUTES), "{{route}}"),),
              unit="percentunit", red_above=0.001),
        Panel("In flight", "Requests begun and not finished, and tunnels (WebSockets) that are open.",
              (Query(f"sum({series('requests_in_flight')})", "requests"),
               Query(f"sum({series('tunnels_open')})", "tunnels"))),
        Panel("Duration", "From the head of the request to the end of the answer, the client's own pace included.",
              quantiles("request_duration_seconds", ROUTES), unit="s"),
        Panel("Overhead", "What the sidecar itself adds: the time in which it waited for neither client nor service.",
              quantiles("request_overhead_seconds", ROUTES), unit="s", red_above=0.5),
        Panel("Bytes", "Bodies from clients and to the service. They differ by what was refused.",
              (Query(rate("request_body_bytes_total", labels=ROUTES), "from clients"),
               Query(rate("upstream_body_bytes_total", labels=ROUTES), "to the service"),
               Query(rate("tunnel_bytes_total", by="direction"), "tunnels, {{direction}}")), unit="Bps"),
    ),
)  # fmt: skip

TIME: Final = Row(
    "Where the time goes",
    (
        Panel("Mean time by stage", "receive: the client's pace. inspect, examine: checks. spool: the disk. "
              "forward: the service.",
              (Query(mean("stage_duration_seconds", by="stage"), "{{stage}}"),), unit="s", width=12, stacked=True),
        Panel("Slow uploads by stage", "What one upload in twenty exceeds in each stage.",
              (Query(slow("stage_duration_seconds", "stage"), "{{stage}}"),), unit="s", width=12),
        Panel("The service", "From the first byte sent to it to the head of its answer; one in twenty exceeds it.",
              (Query(slow("upstream_duration_seconds", "route", ROUTES), "{{route}}"),), unit="s", width=8),
        Panel("Errors of the service", "Exchanges that failed because of it: it was down, too slow, or spoke nonsense.",
              (Query(rate("upstream_errors_total", by="reason"), "{{reason}}"),), unit="reqps", width=8),
        Panel("Further attempts", "At the service, and why; only where it cannot have acted on the first.",
              (Query(rate("upstream_retries_total", by="reason"), "{{reason}}"),), unit="reqps", width=8),
        Panel("Cache before the service", "What Cache-Status or X-Cache of its answers say.",
              (Query(rate("upstream_cache_total", by="status"), "{{status}}"),), unit="reqps", width=12, stacked=True),
        Panel("Calls of the database", "For one answer, as the service tells it (upstream.db_calls); one in twenty "
              "exceeds it.",
              (Query(slow("upstream_db_calls", "route", ROUTES), "{{route}}"),), unit="short", width=12),
    ),
)  # fmt: skip

SCANNERS: Final = Row(
    "Scanners",
    (
        Panel("Scanner works", "no: it does not tell the EICAR test file from a clean one, or does not answer.",
              (Query(f"min by (engine) ({series('scanner_up')})", "{{engine}}"),), kind="stat", width=4, names=YES),
        Panel("Left alone after failures",
              "yes: it failed several times in a row, and is only asked whether it works again.",
              (Query(f"max by (engine) ({series('scanner_breaker_open')})", "{{engine}}"),),
              kind="stat", width=4, names=YES),
        Panel("Signatures made", "The oldest of all pods. Older than three days is an alert.",
              (Query(f"min by (engine) ({series('scanner_signature_timestamp_seconds')}) * 1000", "{{engine}}"),),
              unit="dateTimeFromNow", kind="stat", width=4),
        Panel("Scans", "By engine and result. Other than clean, bad and cached: nobody has seen the file.",
              (Query(rate("scans_total", by="engine, result"), "{{engine}}, {{result}}"),),
              unit="reqps", width=12, stacked=True),
        Panel("Scan duration", "What one scan in twenty exceeds, its wait included.",
              (Query(slow("scan_duration_seconds", "engine"), "{{engine}}"),), unit="s"),
        Panel("Wait for a place", "How long scans wait because all places are taken.",
              quantiles("scan_queue_wait_seconds"), unit="s"),
        Panel("Places in use", "Scans under way against those that may be.",
              (Query(f"sum({series('scan_slots_in_use')})", "in use"),
               Query(f"sum({series('scan_slots')})", "places"))),
    ),
)  # fmt: skip

SATURATION: Final = Row(
    "Saturation: what runs out",
    (
        Panel("Spool", "Room that held uploads take, by pod. Full: new uploads are answered 503.",
              (Query(f"max by (pod) ({series('spool_used_bytes')} / {series('spool_limit_bytes')})", "{{pod}}"),),
              unit="percentunit", red_above=0.8),
        Panel("Turned away", "Requests not taken on, by why. Each is a 503 that the client may repeat.",
              (Query(rate("requests_shed_total", by="reason"), "{{reason}}"),), unit="reqps"),
        Panel("Event loop", "Its longest delay in the last half minute, by pod: every request waits for it.",
              (Query(f"max by (pod) ({series('event_loop_lag_seconds')})", "{{pod}}"),), unit="s", red_above=0.25),
        Panel("Processor", "Cores in use, by pod.",
              (Query(f"sum by (pod) (rate(process_cpu_seconds_total{OURS}[$__rate_interval]))", "{{pod}}"),)),
        Panel("Memory", "Resident, by pod.",
              (Query(f"sum by (pod) (process_resident_memory_bytes{OURS})", "{{pod}}"),),
              unit="bytes"),
        Panel("Descriptors", "Open files and connections against the limit, by pod.",
              (Query(f"max by (pod) (process_open_fds{OURS} / process_max_fds)", "{{pod}}"),),
              unit="percentunit", red_above=0.8),
        Panel("Deaths", "Processes that died: workers of the sidecar, and those that examine whole files, by cause. "
              "Many of the latter: somebody tries the decoders.",
              (Query(rate("isolated_worker_deaths_total", by="cause"), "examination, {{cause}}"),
               Query(rate("worker_deaths_total"), "worker"))),
        Panel("Examination is filtered",
              "no: the kernel does not filter what the processes that examine files ask of it.",
              (Query(f"min by (pod) ({series('isolation_filtered')})", "{{pod}}"),), kind="stat", names=YES),
        Panel("Log lines", "By level, and those that were lost: of the log because nobody read standard output, of the "
              "audit log because its file could not take them.",
              (Query(rate("log_messages_total", by="level"), "{{level}}"),
               Query(rate("log_lines_dropped_total"), "lost"),
               Query(rate("audit_records_dropped_total"), "lost for the audit log"))),
    ),
)  # fmt: skip

ROWS: Final = (STATE, DECISIONS, TRAFFIC, TIME, SCANNERS, SATURATION)
