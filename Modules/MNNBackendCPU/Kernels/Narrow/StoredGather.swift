import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Reads rows of a table in few bits as floats.
final class StoredGatherKernel: CPUKernel {
  private let scales: ColumnScales
  private let factors: [Float]
  private let shifts: [Float]
  private let dtype: DType

  static func support(_ op: StoredGather, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(1) == .int32 || request.dtype(1) == .int64 else { return .unsupported("only int32 and int64 indices") }
    guard (op.dtype ?? request.dtype(2)) == .float32 else { return .unsupported("only float32 results") }
    return (try? scales(op, request)) == nil ? .unsupported("such scales") : .supported
  }

  private static func scales(_ op: StoredGather, _ request: KernelRequest) throws(RunError) -> ColumnScales {
    guard let codes = request.constant(0), codes.dtype.isCode, codes.rank == 2, let scale = request.constant(2),
      let scales = ColumnScales(op.granularity, codes: codes.shape, scale: scale.shape, k: 1, n: 0)
    else { throw RunError(.unsupported, "no kernel for such a table") }
    return scales
  }

  init(_ op: StoredGather, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    scales = try StoredGatherKernel.scales(op, request)
    dtype = try request.operandType(0).dtype
    func values(_ index: Int) throws(RunError) -> [Double] {
      try asRunError { () throws(GraphError) in try request.constant(index)?.scalars(as: Double.self) ?? [0] }
    }
    let (factors, zeros, offsets) = (try values(2), try values(3), try values(4))
    guard [zeros.count, offsets.count].allSatisfy({ $0 == 1 || $0 == factors.count }) else {
      throw RunError(.unsupported, "scales and zero points of other numbers", found: "\(zeros.count), \(offsets.count)")
    }
    self.factors = factors.map { Float($0) }
    shifts = factors.indices.map { i in
      Float(offsets[offsets.count == 1 ? 0 : i] - zeros[zeros.count == 1 ? 0 : i] * factors[i])
    }
  }

  var packedInputs: [Int] { [2, 3, 4] }
  var packedByteCount: Int { (factors.count + shifts.count) * MemoryLayout<Float>.stride }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (table, count) = (try request.sizes(0), elementCount(try request.sizes(1)))
    let (rows, columns) = (table[0], table[1])
    let isNarrow = request.dtype(1) == .int32
    let (scales, factors, shifts) = (scales, factors, shifts)
    let (bits, isSigned) = (Int32(dtype.bitCount), Int32(dtype.isSignedInteger ? 1 : 0))
    let (name, operatorName) = (request.nodeName, request.op.name)
    var launch = CPULaunch("gather of codes") { arguments throws(RunError) in
      let (codes, indices) = (try arguments.rawInput(0).assumingMemoryBound(to: UInt8.self), try arguments.rawInput(1))
      let y: UnsafeMutablePointer<Float> = try arguments.result(0)
      for i in 0..<count {
        let index =
          isNarrow
          ? Int(indices.load(fromByteOffset: i * 4, as: Int32.self)) : Int(indices.load(fromByteOffset: i * 8, as: Int64.self))
        guard (-rows..<rows).contains(index) else {
          throw RunError(
            GraphError(.indexOutOfRange, "an index is out of range", expected: "\(-rows) ..< \(rows)", found: "\(index)")
              .at(node: name, operator: operatorName))
        }
        let row = index < 0 ? index + rows : index
        for block in 0..<scales.blockCount {
          let group = row * scales.columnStride + block * scales.blockStride
          let start = block * scales.block
          ck_narrow_unpack(
            bits, isSigned, codes, row * columns + start, min(scales.block, columns - start), factors[group], shifts[group],
            y + i * columns + start)
        }
      }
    }
    launch.arithmetic = "table of \(bits) bits"
    return launch
  }
}
