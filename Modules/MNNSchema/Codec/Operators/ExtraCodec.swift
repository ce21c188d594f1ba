import Foundation
import MNNGraph

/// Operators that the format has no word for: `Extra` of this project's engine, with the parameters as JSON.
///
/// Other engines load such a file and refuse it when it runs, as they do for every `Extra` that they do not know.
enum ExtraCodec {
  typealias Coded = Operator & Codable

  static let engine = "MNN for Swift"

  static let readers: [OperatorReader] = [
    .read(.Extra) { scope throws(FormatError) in
      let extra = scope.main(Wire.Extra.self)
      if extra.type == ScanCodec.name, extra.engine == engine { return try ScanCodec.read(extra, scope) }
      guard extra.engine == engine, let type = extra.type.flatMap({ types[$0] }) else {
        throw FormatError(.operatorUnsupported, "the extra operator is not known", found: extra.type ?? "no type")
      }
      let op = try decoded(type, parameters(extra))
      return try narrowed(scope.append(op, operands(extra, scope)), scope)
    }
  ]

  static let writers: [OperatorWriter] = [ScanCodec.writer]

  /// Whether the table of an operator says one that can be read.
  static func isKnown(_ extra: Wire.Extra) -> Bool {
    extra.engine == engine && extra.type.map { types[$0] != nil || $0 == ScanCodec.name } ?? false
  }

  /// The writer for what no other can write, or nil. Composites are among it: where types depend on data they cannot be
  /// expanded before running.
  static func writer(for op: any Operator) -> OperatorWriter? {
    guard let op = op as? any Coded, types[op.name] != nil else { return nil }
    return OperatorWriter(
      kind: ObjectIdentifier(type(of: op)), accepts: { _, _ in true },
      write: { node, scope throws(FormatError) in
        guard let op = node.op as? any Coded else { return }
        var wire = Wire.Op.make(.Extra, try extra(op.name, encoded(op), node, scope))
        wire.inputIndexes = try scope.inputs(node.inputs)
        scope.emit(wire, results: node.results)
      })
  }

  static let types: [String: any Coded.Type] = {
    let all: [any Coded.Type] = [
      AffineGrid.self, ArgReduce.self, BatchNormalization.self, Binary.self, BitCast.self, CastLike.self,
      CausalConvolution.self, CenterCropPad.self, Col2Im.self, Comparison.self, Compress.self, ConvInteger.self,
      Convolution.self, ConvolutionTranspose.self, CumProd.self, CumSum.self, DeformableConvolution.self, DequantizeLinear.self,
      Determinant.self, DFT.self, DynamicQuantizeLinear.self, Einsum.self, EyeLike.self, GatherAlongAxis.self,
      GatherND.self, Gemm.self, GridSample.self, GroupNorm.self, GRU.self, Hardmax.self, LayerNorm.self,
      LinearAttention.self, LogSoftmax.self, LpNormalization.self, LSTM.self, MatMul.self, MatMulInteger.self, MaxRoiPool.self,
      MaxUnpool.self, MeanVarianceNormalization.self, MelWeightMatrix.self, Multinomial.self, NegativeLogLikelihood.self,
      NonMaxSuppression.self, OneHot.self, PackedList.self, Pad.self, Pool.self, QLinearConv.self, QLinearMatMul.self,
      QuantizeLinear.self,
      RandomNormal.self, RandomUniform.self, Reduce.self, Resize.self, Reshape.self, ReverseAxes.self, RMSNorm.self, RNN.self,
      RoiAlign.self, RotaryEmbedding.self, ScatterElements.self, ScatterND.self, SliceOfLength.self,
      SoftmaxCrossEntropy.self, SoftmaxFlattening.self, Split.self, STFT.self, SwiGLU.self, TensorScatter.self,
      Trilu.self, Unary.self, Unique.self, WindowFunction.self,
    ]
    return Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }()

  // MARK: The table

  static func extra(
    _ name: String, _ parameters: String, _ node: Node, _ scope: WritingScope
  ) throws(FormatError) -> Wire.Extra {
    var extra = Wire.Extra(WireTable(Wire.Extra.kind))
    extra.type = name
    extra.engine = engine
    var text = Wire.Attribute(WireTable(Wire.Attribute.kind))
    text.key = "parameters"
    text.s = parameters
    extra.attr = [text]
    // Types that the format narrows but on which the meaning depends, such as truth and the width of what is quantized.
    let kept = node.inputs.map { id in
      id.flatMap { scope.graph[$0].type?.dtype }.map { $0.isFloatingPoint || $0.isPacked || $0.stored == $0 ? "" : $0.rawValue }
        ?? ""
    }
    if kept.contains(where: { !$0.isEmpty }) {
      var list = Wire.ListValue(WireTable(Wire.ListValue.kind))
      list.s = kept
      var operands = Wire.Attribute(WireTable(Wire.Attribute.kind))
      operands.key = "operands"
      operands.list = list
      extra.attr = [operands, text]
    }
    return extra
  }

  static func parameters(_ extra: Wire.Extra) -> String {
    extra.attr?.first { $0.key == "parameters" }?.s ?? "{}"
  }

  /// The operator's inputs, in the types that they had before they were written.
  static func operands(_ extra: Wire.Extra, _ scope: ReadingScope) throws(FormatError) -> [Value.ID?] {
    let kept = extra.attr?.first { $0.key == "operands" }?.list?.s ?? []
    var inputs = scope.inputs
    for (i, word) in kept.enumerated() where i < inputs.count && !word.isEmpty {
      guard let dtype = DType(rawValue: word) else {
        throw FormatError(.attributeInvalid, "the type of input \(i) is not known", found: word)
      }
      inputs[i] = try inputs[i].map { id throws(FormatError) in
        scope.type(of: id)?.dtype == dtype ? id : try scope.append(Cast(to: dtype), id)
      }
    }
    return inputs
  }

  /// Results in the types that the format has, but for those whose own the file notes.
  static func narrowed(_ results: [Value.ID], _ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    var narrow: [Value.ID] = []
    for (i, id) in results.enumerated() {
      if scope.exactType(i) == nil, let dtype = scope.type(of: id)?.dtype, dtype.stored != dtype {
        narrow.append(try scope.append(Cast(to: dtype.stored), id))
      } else {
        narrow.append(id)
      }
    }
    return narrow
  }

  // MARK: Parameters

  static func encoded<T: Encodable>(_ value: T) throws(FormatError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
      throw FormatError(.attributeInvalid, "the parameters cannot be written", found: "\(error)")
    }
  }

  static func decoded<T: Decodable>(_ type: T.Type, _ text: String) throws(FormatError) -> T {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { return try decoder.decode(type, from: Data(text.utf8)) } catch {
      throw FormatError(.attributeInvalid, "the parameters are not those of the operator", found: String(text.prefix(200)))
    }
  }
}
