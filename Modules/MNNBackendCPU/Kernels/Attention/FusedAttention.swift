import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class FusedAttentionKernel: StatelessKernel<FusedAttention>, CPUKernel, @unchecked Sendable {
  static func support(_ op: FusedAttention, _ request: KernelRequest, on processor: Processor) -> Support {
    for i in 0..<request.operands.count where request.has(i) && request.dtype(i) != .float32 {
      return .unsupported("only float32")
    }
    guard let geometry = try? AttentionGeometry(op, request) else { return .unsupported("sizes are not known") }
    if op.keyCount == 0 || op.keySize == 0 { return .unsupported("nothing to attend to") }
    if geometry.maskColumn != 1 { return .unsupported("one mask for all keys") }
    return geometry.loop.rank <= Int(CK_ATTENTION_BATCH_RANK) ? .supported : .unsupported("too many batch axes")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let geometry = try AttentionGeometry(op, request)
    let loop = geometry.loop
    var draft = ck_f32_attention_args()
    (draft.m, draft.n, draft.d, draft.dv) = (op.queryCount, op.keyCount, op.keySize, op.valueSize)
    draft.batch = fourLoops(loop.sizes, filler: 1)
    func view(_ matrices: FusedAttention.Matrices, _ index: Int) -> ck_f32_attention_view {
      ck_f32_attention_view(
        data: nil, row: matrices.row, column: matrices.column, batch: fourLoops(loop.strides[index], filler: 0))
    }
    (draft.q, draft.k, draft.v) = (view(op.query, 0), view(op.key, 1), view(op.value, 2))
    draft.mask = ck_f32_attention_view(data: nil, row: geometry.maskRow, column: 1, batch: fourLoops(loop.strides[3], filler: 0))
    (draft.o_row, draft.o_batch) = (geometry.resultRow, fourLoops(loop.strides[4], filler: 0))
    draft.scale = op.scale
    let (op, processor, shape) = (op, processor, UncheckedBox(draft))
    return CPULaunch(
      "attention \(processor.gemmName)",
      scratch: ck_f32_attention_scratch_bytes(processor.gemm, &draft, Int32(settings.threads)),
      operations: 2 &* elementCount(op.scoreSizes) &* (op.keySize + op.valueSize)
    ) { arguments throws(RunError) in
      var call = shape.value
      call.q.data = try arguments.input(0, as: Float.self) + op.query.offset
      call.k.data = try arguments.input(1, as: Float.self) + op.key.offset
      call.v.data = try arguments.input(2, as: Float.self) + op.value.offset
      call.mask.data = arguments.optionalInput(3)
      call.out = try arguments.result(0)
      ck_f32_attention(processor.gemm, &call, arguments.scratchAddress, arguments.threadCount)
    }
  }
}

/// The loops over the batch of an attention, few, and the strides of mask and result.
private struct AttentionGeometry {
  /// Strides of queries, keys, values, mask and result.
  let loop: LoopNest
  let maskRow: Int
  let maskColumn: Int
  let resultRow: Int

  init(_ op: FusedAttention, _ request: KernelRequest) throws(RunError) {
    let rank = op.batch.count
    let result = try request.resultSizes()
    let memory = rowMajorStrides(result)
    var strides = memory
    for (i, axis) in (op.resultAxes ?? []).enumerated() { strides[axis] = memory[i] }
    var mask = [Int](repeating: 0, count: rank + 2)
    if request.has(3) { mask = broadcastStrides(of: try request.sizes(3), to: op.scoreSizes) }
    loop = LoopNest(
      sizes: op.batch,
      strides: [op.query.batch, op.key.batch, op.value.batch, Array(mask[..<rank]), Array(strides[..<rank])])
    resultRow = strides[rank]
    maskRow = mask[rank]
    maskColumn = request.has(3) && op.keyCount > 1 ? mask[rank + 1] : 1
  }
}
