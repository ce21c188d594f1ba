/// A row of the importer's tables: an operator of TensorFlow and what it means here.
struct TFOperator: Sendable {
  /// Adds to the scope's graph what one node stands for, and says what the node's outputs are.
  typealias Translate = @Sendable (TFCall, TFScope) throws(ImportError) -> Void

  let name: String
  let translate: Translate

  static func op(_ name: String, _ translate: @escaping Translate) -> TFOperator { TFOperator(name: name, translate: translate) }

  /// Several names of one meaning.
  static func ops(_ names: String..., translate: @escaping Translate) -> [TFOperator] { names.map { .op($0, translate) } }
}

/// All tables, one per domain of operators.
enum TFOperators {
  static let tables: [[TFOperator]] = [
    TFArithmetic.operators,
    TFContractions.operators,
    TFControlFlow.operators,
    TFConvolutions.operators,
    TFIndexing.operators,
    TFLists.operators,
    TFNormalization.operators,
    TFReductions.operators,
    TFShapes.operators,
    TFVariables.operators,
    TFVision.operators,
  ]

  /// By name.
  static let all: [String: TFOperator] = Dictionary(
    tables.joined().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The names of outputs where an operator has several that are no list, as functions call them.
  static let outputNames: [String: [String]] = [
    "FusedBatchNorm": ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"],
    "FusedBatchNormV2": ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"],
    "FusedBatchNormV3": ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"],
    "Merge": ["output", "value_index"],
    "NonMaxSuppressionV4": ["selected_indices", "valid_outputs"],
    "NonMaxSuppressionV5": ["selected_indices", "selected_scores", "valid_outputs"],
    "Switch": ["output_false", "output_true"],
    "TensorArrayV3": ["handle", "flow"],
    "TensorListPopBack": ["output_handle", "tensor"],
    "TopKV2": ["values", "indices"],
    "Unique": ["y", "idx"],
  ]
}
