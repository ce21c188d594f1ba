import MNNGraph

/// How one kind of operator of the format is read.
struct OperatorReader: Sendable {
  let type: Wire.OpType
  /// Adds the meaning of the scope's operator and returns its results.
  let read: @Sendable (ReadingScope) throws(FormatError) -> [Value.ID]

  static func read(
    _ type: Wire.OpType, _ read: @escaping @Sendable (ReadingScope) throws(FormatError) -> [Value.ID]
  ) -> OperatorReader { OperatorReader(type: type, read: read) }

  /// An operator with one result.
  static func one(
    _ type: Wire.OpType, _ read: @escaping @Sendable (ReadingScope) throws(FormatError) -> Value.ID
  ) -> OperatorReader {
    OperatorReader(type: type) { scope throws(FormatError) in [try read(scope)] }
  }

  /// One that has the same inputs here and there.
  static func same(_ type: Wire.OpType, _ op: any Operator) -> OperatorReader {
    OperatorReader(type: type) { scope throws(FormatError) in try scope.append(op, scope.inputs) }
  }
}

enum OperatorReaders {
  static let tables: [[OperatorReader]] = [
    ActivationCodec.readers,
    ContractionCodec.readers,
    ControlFlowCodec.readers,
    ConvolutionCodec.readers,
    DetectionCodec.readers,
    ElementwiseCodec.readers,
    ExtraCodec.readers,
    IndexingCodec.readers,
    LayoutCodec.readers,
    NormalizationCodec.readers,
    PoolingCodec.readers,
    QuantizationCodec.readers,
    RecurrentCodec.readers,
    ReductionCodec.readers,
    SamplingCodec.readers,
    ShapeCodec.readers,
    UnfoldingCodec.readers,
  ]

  static let all: [Wire.OpType: OperatorReader] = Dictionary(
    tables.joined().map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
}
