/// A row of the importer's tables: an operator of TFLite and what it means here.
struct TFLiteOperator: Sendable {
  /// Adds to the scope's graph what one node stands for, and says what the node's outputs are.
  typealias Translate = @Sendable (TFLiteCall, TFLiteScope) throws(ImportError) -> Void

  /// What the operator does with quantized tensors.
  enum Numbers: Sendable {
    /// It computes with the numbers that they stand for.
    case dequantized
    /// It only moves elements: it takes them as they are stored if all its tensors are quantized alike.
    case moved
    /// It decides for itself.
    case stored
  }

  /// As the format spells it; of a custom operator its own name.
  let name: String
  let numbers: Numbers
  let translate: Translate

  static func op(_ name: String, _ translate: @escaping Translate) -> TFLiteOperator {
    TFLiteOperator(name: name, numbers: .dequantized, translate: translate)
  }

  static func moving(_ name: String, _ translate: @escaping Translate) -> TFLiteOperator {
    TFLiteOperator(name: name, numbers: .moved, translate: translate)
  }

  static func stored(_ name: String, _ translate: @escaping Translate) -> TFLiteOperator {
    TFLiteOperator(name: name, numbers: .stored, translate: translate)
  }
}

/// All tables, one per domain of operators.
enum TFLiteOperators {
  static let tables: [[TFLiteOperator]] = [
    TFLiteArithmetic.operators,
    TFLiteContractions.operators,
    TFLiteControlFlow.operators,
    TFLiteConvolutions.operators,
    TFLiteCustom.operators,
    TFLiteIndexing.operators,
    TFLiteNormalization.operators,
    TFLiteQuantizationOperators.operators,
    TFLiteRecurrent.operators,
    TFLiteReductions.operators,
    TFLiteShapes.operators,
    TFLiteVision.operators,
  ]

  /// By name.
  static let all: [String: TFLiteOperator] = Dictionary(
    tables.joined().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
