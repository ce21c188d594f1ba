/// Which parameter tables belong to which operators.
enum OperatorParameters {
  struct Rule {
    let tables: [Wire.OpParameter]
    let isRequired: Bool
  }

  static func validate(_ op: Wire.Op) throws(FormatError) {
    guard op.type.isKnown else {
      throw FormatError(
        .operatorUnknown, "the operator is not known", found: "type \(op.type.rawValue)",
        advice: "the model may be of a later version of the format")
    }
    guard op.main_type == .NONE || op.main_type.isKnown else {
      throw FormatError(
        .parameterMismatch, "the parameter table is not known", found: "union id \(op.main_type.rawValue)",
        advice: "the model may be of a later version of the format")
    }
    guard let rule = rules[op.type] else { return }
    let expected = rule.tables.map(\.description).joined(separator: " or ")
    guard op.hasMain else {
      guard rule.isRequired else { return }
      throw FormatError(.parameterMismatch, "the operator has no parameters", expected: expected, found: "none")
    }
    guard rule.tables.contains(op.main_type) else {
      throw FormatError(
        .parameterMismatch, "the parameters are those of another operator", expected: expected,
        found: op.main_type.description)
    }
  }

  /// Operators that are not listed take any table, or none: those of old files and of the training API.
  private static let rules: [Wire.OpType: Rule] = {
    var rules: [Wire.OpType: Rule] = [:]
    for (type, tables) in required { rules[type] = Rule(tables: tables, isRequired: true) }
    for (type, tables) in optional { rules[type] = Rule(tables: tables, isRequired: false) }
    return rules
  }()

  /// Without these the operator means nothing.
  private static let required: [(Wire.OpType, [Wire.OpParameter])] = [
    (.ArgMax, [.ArgMax]), (.ArgMin, [.ArgMax]), (.BatchNorm, [.BatchNorm]), (.BinaryOp, [.BinaryOp]),
    (.Cast, [.CastParam]), (.Col2Im, [.Convolution2D]), (.Concat, [.Axis]), (.Const, [.Blob]),
    (.ConvInt8, [.Convolution2D]), (.ConvTranspose3D, [.Convolution3D]), (.ConvertTensor, [.TensorConvertInfo]),
    (.Convolution, [.Convolution2D]), (.Convolution3D, [.Convolution3D]), (.ConvolutionDepthwise, [.Convolution2D]),
    (.Crop, [.Crop]), (.CropAndResize, [.CropAndResize]), (.Deconvolution, [.Convolution2D]),
    (.DeconvolutionDepthwise, [.Convolution2D]), (.DepthToSpace, [.DepthSpaceParam]),
    (.DepthwiseConvInt8, [.Convolution2D]), (.DetectionOutput, [.DetectionOutput]),
    (.DetectionPostProcess, [.DetectionPostProcessParam]), (.Eltwise, [.Eltwise]), (.EltwiseInt8, [.EltwiseInt8]),
    (.Extra, [.Extra]), (.FloatToInt8, [.QuantizedFloatParam]), (.GroupNorm, [.GroupNorm]), (.If, [.IfParam]),
    (.Im2Col, [.Convolution2D]), (.ImageProcess, [.ImageProcessParam]), (.InnerProduct, [.InnerProduct]),
    (.Input, [.Input]), (.InstanceNorm, [.BatchNorm]), (.Int8ToFloat, [.QuantizedFloatParam]), (.Interp, [.Interp]),
    (.Interp3D, [.Interp]), (.LRN, [.LRN]), (.LSTM, [.LSTM]), (.LayerNorm, [.LayerNorm]),
    (.LinearAttention, [.LinearAttentionParam]), (.Normalize, [.Normalize]), (.OneHot, [.OneHotParam]),
    (.PReLU, [.PRelu]), (.Permute, [.Permute]), (.Plugin, [.Plugin]), (.Pooling, [.Pool]), (.Pooling3D, [.Pool3D]),
    (.PriorBox, [.PriorBox]), (.Proposal, [.Proposal]), (.RNNSequenceGRU, [.RNNParam]), (.ROIAlign, [.RoiParameters]),
    (.ROIPooling, [.RoiParameters]), (.Reduction, [.ReductionParam]), (.Resize, [.Resize]), (.Scale, [.Scale]),
    (.Slice, [.Slice]), (.Softmax, [.Axis]), (.SpaceToDepth, [.DepthSpaceParam]),
    (.StridedSlice, [.StridedSliceParam]), (.TrainableParam, [.Blob]), (.UnaryOp, [.UnaryOp]),
    (.While, [.LoopParam, .WhileParam]),
  ]

  /// Everything in these has a default, so old files leave them out.
  private static let optional: [(Wire.OpType, [Wire.OpParameter])] = [
    (.BatchMatMul, [.BatchMatMulParam]), (.CumProd, [.CumSum]), (.CumSum, [.CumSum]), (.ELU, [.ELU]),
    (.ExpandDims, [.ExpandDims]), (.Flatten, [.Flatten]), (.GatherV2, [.GatherV2, .Axis]),
    (.GridSample, [.GridSample]), (.MatMul, [.MatMul]), (.Moments, [.MomentsParam]), (.Pack, [.PackParam, .Axis]),
    (.Padding, [.PadParam]), (.RandomNormal, [.RandomUniform]), (.RandomUniform, [.RandomUniform]),
    (.ReLU, [.Relu]), (.ReLU6, [.Relu6]), (.ReverseSequence, [.ReverseSequenceParam]), (.RoPE, [.RoPEParam]),
    (.Selu, [.Selu]), (.Shape, [.ShapeParam]), (.Squeeze, [.SqueezeParam]), (.Stft, [.StftParam]),
    (.TopKV2, [.TopKV2]), (.Transpose, [.Transpose]), (.Unpack, [.Axis, .PackParam]), (.Unsqueeze, [.SqueezeParam]),
  ]
}
