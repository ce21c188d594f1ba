import MNNGraph

extension Graph {
  /// Rewrites nodes that no backend takes, by their meaning: composites are expanded, layout operators become rasters.
  /// What is left unsupported is primitive.
  mutating func lower(for backends: [any Backend]) throws(GraphError) {
    // Each expansion is in terms of simpler operators, so the depth of the loop is that of the deepest composite.
    for _ in 0..<32 {
      var changed = false
      for node in nodes {
        guard let node = self[node.id], let request = request(for: node),
          !backends.contains(where: { $0.support(for: request).isSupported }),
          let patch = try loweringPatch(for: node, request)
        else { continue }
        do throws(GraphError) { try apply(patch) } catch { throw error.at(node: node.name, operator: node.op.name) }
        changed = true
      }
      if !changed { return }
      try inferTypes()
    }
    throw GraphError(.passFailed, "lowering does not come to rest")
  }

  private func loweringPatch(for node: Node, _ request: KernelRequest) throws(GraphError) -> GraphPatch? {
    switch node.op {
    case let op as any CompositeOperator:
      return GraphPatch(replacing: node) { builder throws(GraphError) in try op.expand(node.inputs, in: &builder) }
    case let op as any LayoutOperator:
      let regions = try op.regions(for: request.operands)
      // Operands that only parametrise the movement are no longer inputs.
      let used = Set(regions.joined().map(\.input)).sorted()
      let order = used.isEmpty ? [0] : used
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        var results: [Value.ID] = []
        for (type, regions) in zip(request.results, regions) {
          let renumbered = regions.map { region in
            var region = region
            region.input = order.firstIndex(of: region.input) ?? 0
            return region
          }
          let raster = Raster(shape: try type.shape.concreteSizes(), regions: renumbered)
          results += try builder.add(results: raster, order.map { node.inputs[$0] })
        }
        return results
      }
    default: return nil
    }
  }

  /// The node as backends see it; nil if a type is not known.
  func request(for node: Node) -> KernelRequest? {
    var operands: [Operand?] = []
    for input in node.inputs {
      guard let input else { operands.append(nil); continue }
      guard let operand = operand(input) else { return nil }
      operands.append(operand)
    }
    var results: [TensorType] = []
    for id in node.results {
      guard let type = self[id].type else { return nil }
      results.append(type)
    }
    return KernelRequest(op: node.op, nodeName: node.name, operands: Operands(operands), results: results)
  }
}

extension Operands {
  /// The same operands without contents, for records that outlive planning.
  var withoutContents: Operands {
    Operands(list.map { operand in operand.map { Operand($0.type) } })
  }
}
