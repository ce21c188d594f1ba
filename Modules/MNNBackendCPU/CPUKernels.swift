import MNNGraph
import MNNKernels
import MNNRuntime

/// The kernels of the backend, by operator. Operators that only move elements are not here: ``LayoutKernel`` runs them all.
enum CPUKernels {
  static let entries: [Entry] = [
    .init(ArgReduceKernel.self),
    .init(BinaryKernel.self),
    .init(BlockedConcatKernel.self),
    .init(BlockedConvolutionKernel.self),
    .init(BlockedConvolutionTransposeKernel.self),
    .init(BlockedGatherKernel.self),
    .init(BlockedGlobalPoolKernel.self),
    .init(BlockedLayerNormKernel.self),
    .init(BlockedPoolKernel.self),
    .init(BlockedProductKernel.self),
    .init(BlockedResizeKernel.self),
    .init(BottleneckKernel.self),
    .init(ByteAddKernel.self),
    .init(ByteConvolutionKernel.self),
    .init(ByteMeanKernel.self),
    .init(CastKernel.self),
    .init(ComparisonKernel.self),
    .init(ConvolutionKernel.self),
    .init(ConvolutionTransposeKernel.self),
    .init(CumSumKernel.self),
    .init(DequantizeImageKernel.self),
    .init(DequantizeKernel.self),
    .init(FakeQuantizeKernel.self),
    .init(FromBlockedKernel.self),
    .init(FromByteImageKernel.self),
    .init(FusedAttentionKernel.self),
    .init(FusedElementwiseKernel.self),
    .init(FusedMatMulKernel.self),
    .init(GatherElementsKernel.self),
    .init(GatherKernel.self),
    .init(GatherNDKernel.self),
    .init(GridSampleKernel.self),
    .init(GroupNormKernel.self),
    .init(RecurrentKernel<GRU>.self),
    .init(RecurrentKernel<LSTM>.self),
    .init(RecurrentKernel<RNN>.self),
    .init(LayerNormKernel.self),
    .init(LogSoftmaxKernel.self),
    .init(MatMulKernel.self),
    .init(ParametricReluKernel.self),
    .init(PoolKernel.self),
    .init(QuantizeImageKernel.self),
    .init(QuantizeKernel.self),
    .init(RasterKernel.self),
    .init(ReduceKernel.self),
    .init(ResidualLayerNormKernel.self),
    .init(ResizeKernel.self),
    .init(RMSNormKernel.self),
    .init(RoiAlignKernel.self),
    .init(ScatterElementsKernel.self),
    .init(ScatterNDKernel.self),
    .init(SelectKernel.self),
    .init(SoftmaxKernel.self),
    .init(ToBlockedKernel.self),
    .init(ToByteImageKernel.self),
    .init(StoredGatherKernel.self),
    .init(TopKKernel.self),
    .init(UnaryKernel.self),
  ]

  /// A kernel type with its operator erased.
  struct Entry: Sendable {
    let operatorType: any Operator.Type
    let support: @Sendable (KernelRequest, Processor) -> Support
    let form: @Sendable (KernelRequest, Processor) -> [Int]
    let make: @Sendable (KernelRequest, Processor, ExecutionSettings) throws(RunError) -> any Kernel

    init<K: CPUKernel>(_ kernel: K.Type) {
      operatorType = K.Op.self
      support = { request, processor in
        guard let op = request.op as? K.Op else { return .unsupported("not \(K.Op.name)") }
        return K.support(op, request, on: processor)
      }
      form = { request, processor in (request.op as? K.Op).map { K.form($0, request, on: processor) } ?? [] }
      make = { request, processor, settings throws(RunError) in
        guard let op = request.op as? K.Op else {
          throw RunError(.unsupported, "a kernel was given another operator", expected: K.Op.name, found: request.op.name)
        }
        return try K(op, request, on: processor, settings: settings)
      }
    }
  }

  private static let table: [ObjectIdentifier: Entry] = Dictionary(
    entries.map { (ObjectIdentifier($0.operatorType), $0) }, uniquingKeysWith: { first, _ in first })

  static func entry(for op: any Operator) -> Entry? { table[ObjectIdentifier(type(of: op))] }
}
