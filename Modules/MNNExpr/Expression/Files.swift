import MNNGraph
import MNNSchema

extension expr {
  /// Writes the expressions, with all they need, as a `.mnn` model: placeholders become inputs, what is computed becomes weights.
  ///
  /// - Parameters:
  ///   - variables: become the outputs, under their names.
  ///   - path: written under a temporary name first.
  /// - Throws: ``ExprError``; ``ExprError/Code/file`` if the file cannot be written or has no form for an operator.
  public static func save(_ variables: [Variable], to path: String) throws(ExprError) {
    let graph = try Graph(inputs: [], outputs: variables, addsInputs: true)
    do throws(FormatError) { try graph.writeMNN(to: path) } catch { throw ExprError(.file, "\(error)") }
  }

  /// The values of a `.mnn` model as variables, inputs first, producers before consumers.
  ///
  /// - Throws: ``ExprError/Code/file`` for a file that is missing or damaged.
  public static func loadAsList(_ path: String) throws(ExprError) -> [Variable] {
    let graph: Graph
    do throws(FormatError) { graph = try Graph(contentsOfMNN: path) } catch { throw ExprError(.file, "\(error)") }
    return try graph.variables()
  }

  /// The values of a `.mnn` model by name.
  public static func loadAsDict(_ path: String) throws(ExprError) -> [String: Variable] {
    var result: [String: Variable] = [:]
    for variable in try loadAsList(path) { if let name = variable.name { result[name] = variable } }
    return result
  }

  /// Those of a model's variables that are placeholders, and those that no other depends on, by name.
  public static func inputsAndOutputs(
    _ all: [String: Variable]
  ) -> (inputs: [String: Variable], outputs: [String: Variable]) {
    var inputs: [String: Variable] = [:]
    var used: Set<ObjectIdentifier> = []
    for variable in all.values {
      guard case .result(let handle) = variable.source, case .waiting(let operands) = handle.node.current else { continue }
      for case .result(let node, _) in operands { used.insert(ObjectIdentifier(node)) }
    }
    var outputs: [String: Variable] = [:]
    for (name, variable) in all {
      switch variable.source {
      case .placeholder: inputs[name] = variable
      case .result(let handle) where !used.contains(ObjectIdentifier(handle.node)): outputs[name] = variable
      case .result, .tensor, .failed: break
      }
    }
    return (inputs, outputs)
  }
}
