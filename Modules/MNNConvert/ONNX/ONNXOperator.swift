/// A row of the importer's tables: an operator of the ONNX specification and what it means here, by version.
struct ONNXOperator: Sendable {
  /// Adds to the scope's graph what one node stands for, and says what the node's outputs are.
  typealias Translate = @Sendable (ONNXCall, ONNXScope) throws(ImportError) -> Void

  let name: String
  /// "" for the standard domain.
  let domain: String
  /// By the first operator set in which the meaning holds.
  let versions: [Int64: Translate]

  /// The same meaning in all versions.
  static func op(_ name: String, domain: String = "", _ translate: @escaping Translate) -> ONNXOperator {
    ONNXOperator(name: name, domain: domain, versions: [1: translate])
  }

  /// A meaning that changed: each holds from its operator set to the next one.
  static func op(_ name: String, domain: String = "", since versions: [Int64: Translate]) -> ONNXOperator {
    ONNXOperator(name: name, domain: domain, versions: versions)
  }

  /// The newest meaning that is not newer than the model.
  func translate(opset: Int64) -> Translate? {
    versions.keys.filter { $0 <= opset }.max().flatMap { versions[$0] }
  }
}

/// All tables, one per domain of operators.
enum ONNXOperators {
  static let tables: [[ONNXOperator]] = [
    ONNXActivations.operators,
    ONNXArithmetic.operators,
    ONNXAttention.operators,
    ONNXContractions.operators,
    ONNXControlFlow.operators,
    ONNXConvolutions.operators,
    ONNXIndexing.operators,
    ONNXLosses.operators,
    ONNXMicrosoft.operators,
    ONNXMicrosoftQuantization.operators,
    ONNXNormalization.operators,
    ONNXQuantization.operators,
    ONNXRandom.operators,
    ONNXRecurrent.operators,
    ONNXReductions.operators,
    ONNXResizing.operators,
    ONNXSequences.operators,
    ONNXShapes.operators,
    ONNXSignals.operators,
    ONNXVision.operators,
  ]

  /// By domain and name.
  static let all: [Key: ONNXOperator] = Dictionary(
    tables.joined().map { (Key(domain: $0.domain, name: $0.name), $0) }, uniquingKeysWith: { first, _ in first })

  struct Key: Hashable, Sendable {
    var domain: String
    var name: String
  }

  /// The newest operator set of the standard domain whose changes are known.
  static let newestOpset: Int64 = 28
}
