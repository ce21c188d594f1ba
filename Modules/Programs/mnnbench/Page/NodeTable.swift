import ProgramSupport

/// The shares of the time of each kind of node as one bar, with a legend.
struct KindBar {
  let nodes: NodeTimes
  let colors: KindColors
  let machine: Machine

  var html: String {
    let total = max(nodes.total, 1e-9)
    let parts = nodes.kinds.map { kind, row in
      "<span style=\"width:\(format(100 * row.milliseconds / total, 2))%;background:\(colors[kind])\" "
        + "title=\"\(escaped(kind.description)): \(format(row.milliseconds)) ms\"></span>"
    }
    let rows = nodes.kinds.map { kind, row in
      "<tr><td><i style=\"background:\(colors[kind])\"></i>\(escaped(kind.description))</td>"
        + "<td>\(row.count)</td><td>\(format(row.milliseconds, 3))</td>"
        + "<td>\(format(100 * row.milliseconds / total, 1)) %</td>\(rateCells(row, machine))</tr>"
    }
    return """
      <div class="stack">\(parts.joined())</div>
      <table><thead><tr><th>operator and algorithm</th><th>nodes</th><th>ms</th><th>share</th><th>GFLOP/s</th><th>of peak</th>
      </tr></thead><tbody>\(rows.joined())</tbody></table>
      """
  }
}

/// A bar per node.
struct NodeTable {
  let nodes: NodeTimes
  let colors: KindColors
  let machine: Machine

  var html: String {
    let slowest = max(nodes.nodes.map(\.milliseconds).max() ?? 0, 1e-9)
    let total = max(nodes.total, 1e-9)
    let rows = nodes.nodes.enumerated().map { index, row in
      let detail = [row.algorithm, row.results].filter { !$0.isEmpty }.joined(separator: " · ")
      return "<tr data-order=\"\(index)\" data-time=\"\(row.milliseconds)\"><td class=\"name\">"
        + "<b>\(escaped(row.operatorName))</b> \(escaped(row.node))<br><span class=\"muted\">\(escaped(detail))</span></td>"
        + "<td class=\"bar\"><span style=\"width:\(format(100 * row.milliseconds / slowest, 2))%;"
        + "background:\(colors[row.kind])\"></span></td>"
        + "<td>\(format(row.milliseconds, 3))</td><td>\(format(100 * row.milliseconds / total, 1)) %</td>\(rateCells(row, machine))</tr>"
    }
    return """
      <p class="sort"><label><input type="radio" name="sort" value="order" checked> in the order they run</label>
      <label><input type="radio" name="sort" value="time"> slowest first</label></p>
      <table class="nodes"><thead><tr><th>node</th><th></th><th>ms</th><th>share</th><th>GFLOP/s</th><th>of peak</th></tr></thead>
      <tbody id="nodes">\(rows.joined())</tbody></table>
      """
  }
}

private func rateCells(_ row: NodeTimes.Row, _ machine: Machine) -> String {
  guard row.operations > 0, machine.peak > 0 else { return "<td></td><td></td>" }
  return "<td>\(format(row.gigaflops, 1))</td><td>\(format(100 * row.gigaflops / machine.peak, 0)) %</td>"
}
