/// How pages look, and their one bit of behavior.
public enum PageStyle {
  public static let css = """
    :root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1b1f24; --muted: #66707c; --line: #e3e6ea;
      --strong: #1b1f24; --c0: #2f6fde; --c1: #e07b39; --c2: #2a9d76; --c3: #b5499b; --c4: #c9a227; --c5: #5b5bd6; --c6: #d64550;
      --c7: #8a949e; }
    @media (prefers-color-scheme: dark) { :root { --back: #14171a; --card: #1d2125; --text: #e8eaed; --muted: #98a2ad;
      --line: #31373d; --strong: #e8eaed; --c0: #6ea0f5; --c1: #f09a5f; --c2: #4cc49a; --c3: #d77fc2; --c4: #e0bf4f; --c5: #9191ef;
      --c6: #ef7079; --c7: #7d8791; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1080px; padding: 32px 20px 64px; background: var(--back); color: var(--text);
      font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    h1 { margin: 0; font-size: 26px; line-height: 1.2; overflow-wrap: anywhere; }
    h2 { margin: 0 0 12px; font-size: 16px; }
    header p { margin: 6px 0 0; }
    .muted { color: var(--muted); font-size: 13px; }
    .warning { padding: 8px 12px; border-radius: 8px; background: color-mix(in srgb, var(--c1) 18%, var(--card)); }
    section { margin-top: 20px; padding: 20px; border-radius: 12px; background: var(--card); border: 1px solid var(--line); }
    section > p.muted { margin: 10px 0 0; }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; padding: 0; border: 0;
      background: none; }
    .card { padding: 14px 16px; border-radius: 12px; background: var(--card); border: 1px solid var(--line); }
    .value { font-size: 22px; font-weight: 600; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .value small { font-size: 13px; font-weight: 400; color: var(--muted); }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    .grid { stroke: var(--line); }
    .tick { fill: var(--muted); font-size: 11px; }
    .band { fill: var(--c0); opacity: 0.12; }
    .point { fill: var(--c0); opacity: 0.55; }
    .outside { fill: var(--c6); }
    .strong { stroke: var(--strong); stroke-width: 1.5; stroke-dasharray: 5 4; }
    .roof { fill: none; stroke: var(--strong); stroke-width: 2; stroke-linejoin: round; }
    .dot { opacity: 0.62; stroke: var(--card); stroke-width: 1; }
    .dot:hover, svg rect:hover { opacity: 1; stroke: var(--strong); }
    .stack { display: flex; height: 26px; margin-bottom: 14px; border-radius: 6px; overflow: hidden; }
    table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th { font-weight: 500; color: var(--muted); text-align: right; padding: 4px 8px; border-bottom: 1px solid var(--line); }
    td { padding: 4px 8px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    tr:last-child td { border-bottom: 0; }
    td i { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 3px; }
    td.name { max-width: 430px; white-space: normal; overflow-wrap: anywhere; line-height: 1.35; }
    td.bar { width: 24%; }
    td.bar span { display: block; height: 12px; min-width: 1px; border-radius: 3px; }
    .sort { margin: 0 0 8px; }
    .sort label { margin-right: 16px; }
    """

  public static let script = """
    for (const input of document.querySelectorAll('input[name=sort]')) input.addEventListener('change', () => {
      const body = document.getElementById('nodes'), sign = input.value === 'time' ? -1 : 1;
      body.append(...[...body.rows].sort((a, b) => sign * (a.dataset[input.value] - b.dataset[input.value])));
    });
    """
}

/// Text that may stand between tags and in attributes.
public func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.append(character)
    }
  }
  return result
}
