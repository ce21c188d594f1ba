import MNNGraph

/// The variables of a saved model, by the nodes that stand for them.
///
/// Names in a checkpoint are paths of objects in the program that saved it, and say nothing of nodes. What connects the two is the part of
/// the graph that restores a checkpoint: `RestoreV2` reads tensors by name, and each goes to an `Assign` of one variable, in the graph
/// itself (TensorFlow 1) or in a function that gets all variables as arguments (TensorFlow 2).
struct TFVariables {
  private let checkpoint: TFCheckpoint
  /// Names in the checkpoint by names of nodes.
  private var keys: [String: String] = [:]

  init(_ model: TFModel, _ frames: TFFrames, checkpoint: TFCheckpoint) {
    self.checkpoint = checkpoint
    for (variable, key) in TFVariables.assignments(frames.nodes) { keys[variable] = key }
    for node in frames.nodes.values {
      guard case .function(let name)? = node.attributes["f"], let function = model.functions[name],
        function.nodes.contains(where: { $0.op == "RestoreV2" })
      else { continue }
      let inner = Dictionary(function.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      let arguments = Dictionary(zip(function.inputs, node.inputs), uniquingKeysWith: { first, _ in first })
      for (argument, key) in TFVariables.assignments(inner) {
        if let given = arguments[argument] { keys[TFFrames.source(given)] = key }
      }
    }
    // Without such a part: variables of TensorFlow 1 are saved under their own names.
    let known = Set(checkpoint.names)
    for node in frames.nodes.values where TFVariables.handles.contains(node.op) && keys[node.name] == nil {
      var names = [node.name]
      if case .string(let bytes)? = node.attributes["shared_name"] { names.insert(String(decoding: bytes, as: UTF8.self), at: 0) }
      keys[node.name] = names.first { known.contains($0) }
    }
  }

  /// Operators that stand for a variable.
  static let handles: Set<String> = ["VarHandleOp", "VariableV2", "Variable"]

  /// What a node that stands for a variable holds.
  func tensor(of node: String) throws(ImportError) -> Tensor {
    guard let key = keys[node] else {
      throw ImportError(
        .externalData, "nothing restores variable \"\(node)\"", expected: "a tensor in the checkpoint",
        advice: "save the model again, after its variables have values")
    }
    return try checkpoint.tensor(named: key)
  }

  /// Which tensor of a checkpoint goes to which variable, or argument.
  private static func assignments(_ nodes: [String: TFNode]) -> [(variable: String, key: String)] {
    nodes.values.compactMap { node in
      guard ["AssignVariableOp", "Assign"].contains(node.op), node.inputs.count > 1 else { return nil }
      var (source, steps) = (node.inputs[1], 0)
      // Between reading and assigning a value may pass through others.
      while let next = nodes[TFFrames.source(source)], ["Identity", "Cast"].contains(next.op), let input = next.inputs.first,
        steps < 8
      {
        (source, steps) = (input, steps + 1)
      }
      guard let restore = nodes[TFFrames.source(source)], restore.op == "RestoreV2", restore.inputs.count > 1,
        case .tensor(let names)? = nodes[TFFrames.source(restore.inputs[1])]?.attributes["value"]
      else { return nil }
      // "node:2" in a graph, "node:tensors:2" in a function.
      let parts = source.split(separator: ":")
      guard let index = parts.count > 1 ? Int(parts[parts.count - 1]) : 0, names.strings.indices.contains(index) else {
        return nil
      }
      return (TFFrames.source(node.inputs[0]), String(decoding: names.strings[index], as: UTF8.self))
    }
  }
}
