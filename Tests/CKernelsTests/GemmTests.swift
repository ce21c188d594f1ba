import CKernels
import Testing

/// A kernel of the table that this processor runs.
struct GemmKernel: CustomTestStringConvertible, @unchecked Sendable {
  let config: UnsafePointer<ck_gemm_config>
  var testDescription: String { String(cString: config.pointee.name) }
  var mr: Int { Int(config.pointee.mr) }
  var nr: Int { Int(config.pointee.nr) }
  var c: Int { Int(config.pointee.c) }

  static let all = (0..<ck_gemm_kernel_count()).map { GemmKernel(config: ck_gemm_kernel_at($0)) }
    .filter { $0.config.pointee.isa & ~ck_cpu_isa_mask() == 0 }
}

/// Sums of a few hundred products of numbers below 2, in single precision and any order.
private let sumTolerance = 2e-4

/// Memory for packed weights or scratch: 64-byte aligned, a guard page behind.
func alignedBuffer(bytes: Int) -> GuardedBuffer<Float> {
  GuardedBuffer(count: (bytes + 63) / 64 * 16, repeating: Float.nan)
}

/// A matrix in row-major or blocked order, NaN where no element lies.
struct MatrixLayout {
  let rows, columns, row, block, c: Int
  static func plain(rows: Int, columns: Int, c: Int, padding: Int = 0) -> MatrixLayout {
    MatrixLayout(rows: rows, columns: columns, row: columns + padding, block: c, c: c)
  }
  static func blocked(rows: Int, columns: Int, c: Int) -> MatrixLayout {
    MatrixLayout(rows: rows, columns: columns, row: c, block: rows * c, c: c)
  }
  var isBlocked: Bool { block != c }
  func index(_ m: Int, _ n: Int) -> Int { m * row + n / c * block + n % c }
  /// Blocked arrays own the lanes past their columns, plain ones end with their last element.
  var count: Int { isBlocked ? (columns + c - 1) / c * block : columns == 0 ? 0 : index(rows - 1, columns - 1) + 1 }

  func fill(_ elements: [Float], misaligned: Int = 0) -> GuardedBuffer<Float> {
    let buffer = GuardedBuffer(count: count, repeating: Float.nan, misaligned: misaligned)
    for m in 0..<rows { for n in 0..<columns { buffer.base[index(m, n)] = elements[m * columns + n] } }
    return buffer
  }
  func read(_ buffer: GuardedBuffer<Float>) -> [Float] {
    (0..<rows * columns).map { buffer.base[index($0 / columns, $0 % columns)] }
  }
}

@Suite struct GemmTests {
  @Test("selects the best kernel of the mask and falls back to scalar", arguments: GemmKernel.all)
  func selection(kernel: GemmKernel) {
    let isa = kernel.config.pointee.isa
    #expect(ck_gemm_select(CK_TYPE_F32, isa | UInt32(CK_ISA_SCALAR)) == kernel.config)
    #expect(ck_gemm_select(CK_TYPE_F32, 0) == ck_gemm_kernel_at(0))
  }

  @Test("multiplies every tile height and width up to the full tile", arguments: GemmKernel.all)
  func tiles(kernel: GemmKernel) {
    var numbers = Numbers(seed: 21)
    for rows in 1...kernel.mr {
      for columns in 1...kernel.nr {
        let k = [0, 1, kernel.c - 1, kernel.c, 2 * kernel.c + 3].randomElement(using: &numbers) ?? 1
        check(kernel, m: rows, n: columns, k: k, &numbers)
      }
    }
  }

  @Test("multiplies matrices of many tiles in both layouts", arguments: GemmKernel.all)
  func matrices(kernel: GemmKernel) {
    var numbers = Numbers(seed: 22)
    for _ in 0..<40 {
      check(
        kernel, m: .random(in: 1...(3 * kernel.mr), using: &numbers), n: .random(in: 1...(3 * kernel.nr), using: &numbers),
        k: .random(in: 1...70, using: &numbers), &numbers)
    }
  }

  @Test("multiplies sums so long that they are cut", arguments: GemmKernel.all)
  func longSums(kernel: GemmKernel) {
    var numbers = Numbers(seed: 24)
    for k in [1024, 1025, 2053, 3000] {
      check(kernel, m: kernel.mr + 1, n: kernel.nr + 1, k: k, &numbers)
      check(kernel, m: 1, n: 3, k: k, &numbers)
    }
  }

  @Test("multiplies a single row with any number of panels", arguments: GemmKernel.all)
  func singleRows(kernel: GemmKernel) {
    var numbers = Numbers(seed: 25)
    for panels in 0...9 {
      for rest in [0, 1, kernel.nr - 1] where panels + rest > 0 {
        for k in [1, kernel.c - 1, kernel.c, 2 * kernel.c + 3, 1100] {
          check(kernel, m: 1, n: panels * kernel.nr + rest, k: k, &numbers)
        }
      }
    }
  }

  /// One product with random layouts, epilogue and threads against double precision.
  private func check(_ kernel: GemmKernel, m: Int, n: Int, k: Int, _ numbers: inout Numbers) {
    let flip = { (numbers: inout Numbers) in Bool.random(using: &numbers) }
    let a = numbers.floats(m * k), b = numbers.floats(k * n), bias = numbers.floats(n), residual = numbers.floats(m * n)
    let aLayout: MatrixLayout =
      flip(&numbers) && m > 1
      ? .blocked(rows: m, columns: k, c: kernel.c)
      : .plain(rows: m, columns: k, c: kernel.c, padding: flip(&numbers) ? 3 : m < 8 && k < 1024 ? 1024 - k : 0)
    let oLayout: MatrixLayout =
      flip(&numbers) && m > 1
      ? .blocked(rows: m, columns: n, c: kernel.c)
      : .plain(rows: m, columns: n, c: kernel.c, padding: flip(&numbers) ? 5 : 0)
    let misaligned = flip(&numbers) ? 1 : 0, transposed = flip(&numbers), threads = Int32.random(in: 1...3, using: &numbers)

    let aBuffer = aLayout.fill(a, misaligned: misaligned)
    let bBuffer = GuardedBuffer(transposed ? (0..<k * n).map { b[$0 % k * n + $0 / k] } : b)
    let biasBuffer = GuardedBuffer(bias), rBuffer = oLayout.fill(residual)
    let packed = alignedBuffer(bytes: ck_f32_gemm_packed_bytes(kernel.config, k, n))
    ck_f32_gemm_pack(kernel.config, k, n, bBuffer.base, transposed ? 1 : n, transposed ? k : 1, packed.base, threads)

    var epilogue = ck_f32_epilogue()
    if flip(&numbers) { epilogue.bias = UnsafePointer(biasBuffer.base) }
    let withResidual = flip(&numbers), inPlace = withResidual && flip(&numbers), last = flip(&numbers)
    let out = inPlace ? oLayout.fill(residual) : GuardedBuffer(count: oLayout.count, repeating: Float(-7), misaligned: misaligned)
    if withResidual { epilogue.residual = UnsafePointer(inPlace ? out.base : rBuffer.base) }
    if last { epilogue.flags = UInt32(CK_EPILOGUE_RESIDUAL_LAST) }
    let scale: Float = flip(&numbers) ? 0.75 : 1
    if scale != 1 { epilogue.scale = scale }
    epilogue.activation = Activations.random(using: &numbers)

    var arguments = ck_f32_gemm_args()
    (arguments.m, arguments.n, arguments.k, arguments.batch) = (m, n, k, 1)
    (arguments.a, arguments.a_row, arguments.a_block) = (UnsafePointer(aBuffer.base), aLayout.row, aLayout.block)
    arguments.b = UnsafePointer(packed.base)
    (arguments.out, arguments.o_row, arguments.o_block) = (out.base, oLayout.row, oLayout.block)
    arguments.epilogue = epilogue
    let scratch = alignedBuffer(bytes: ck_f32_gemm_scratch_bytes(kernel.config, &arguments, threads))
    ck_f32_gemm(kernel.config, &arguments, scratch.base, threads)

    var wanted = [Double](repeating: 0, count: m * n)
    for row in 0..<m {
      for column in 0..<n {
        var sum = 0.0
        for i in 0..<k { sum += Double(a[row * k + i]) * Double(b[i * n + column]) }
        sum *= Double(scale)
        if epilogue.bias != nil { sum += Double(bias[column]) }
        if withResidual && !last { sum += Double(residual[row * n + column]) }
        sum = Activations.apply(epilogue.activation, sum)
        wanted[row * n + column] = withResidual && last ? sum + Double(residual[row * n + column]) : sum
      }
    }
    let difference = firstDifference(
      oLayout.read(out), wanted, relative: 1e-5, absolute: k > 200 ? 10 * sumTolerance : sumTolerance)
    #expect(difference == nil, "m \(m) n \(n) k \(k) activation \(epilogue.activation.kind.rawValue) \(aLayout) \(oLayout)")
    #expect(out.isIntact && packed.isIntact && scratch.isIntact)
    if !oLayout.isBlocked && !inPlace {
      let gaps = (0..<m).flatMap { row in (n..<max(n, oLayout.row)).map { oLayout.index(row, 0) + $0 } }
      #expect(gaps.allSatisfy { $0 >= oLayout.count || out.base[$0] == -7 }, "writes between rows")
    }
  }

  @Test("gives the same bits for every number of threads", arguments: GemmKernel.all)
  func threads(kernel: GemmKernel) {
    var numbers = Numbers(seed: 23)
    // Large enough to be worth several threads.
    for (m, n, k) in [(1, 2300, 729), (167, 150, 64), (5, 233, 1700)] {
      let a = GuardedBuffer(numbers.floats(m * k)), b = GuardedBuffer(numbers.floats(k * n))
      let packed = alignedBuffer(bytes: ck_f32_gemm_packed_bytes(kernel.config, k, n))
      ck_f32_gemm_pack(kernel.config, k, n, b.base, n, 1, packed.base, 2)
      let results = [1, 2, 3, 16].map { threads in
        let out = GuardedBuffer(count: m * n, repeating: Float.nan)
        var arguments = ck_f32_gemm_args()
        (arguments.m, arguments.n, arguments.k, arguments.batch) = (m, n, k, 1)
        (arguments.a, arguments.a_row, arguments.a_block) = (UnsafePointer(a.base), k, kernel.c)
        (arguments.b, arguments.out, arguments.o_row, arguments.o_block) = (UnsafePointer(packed.base), out.base, n, kernel.c)
        let scratch = alignedBuffer(bytes: ck_f32_gemm_scratch_bytes(kernel.config, &arguments, Int32(threads)))
        ck_f32_gemm(kernel.config, &arguments, scratch.base, Int32(threads))
        return out.elements
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  @Test("keeps infinities and NaN of one row out of the others", arguments: GemmKernel.all)
  func specialValues(kernel: GemmKernel) {
    let m = kernel.mr, n = kernel.nr + 1, k = kernel.c + 1
    var a = [Float](repeating: 1, count: m * k)
    a[0] = .nan
    a[k] = .infinity
    let b = GuardedBuffer([Float](repeating: 1, count: k * n)), x = GuardedBuffer(a)
    let packed = alignedBuffer(bytes: ck_f32_gemm_packed_bytes(kernel.config, k, n))
    ck_f32_gemm_pack(kernel.config, k, n, b.base, n, 1, packed.base, 1)
    for kind in Activations.kinds {
      let out = GuardedBuffer(count: m * n, repeating: Float(0))
      var arguments = ck_f32_gemm_args()
      (arguments.m, arguments.n, arguments.k, arguments.batch) = (m, n, k, 1)
      (arguments.a, arguments.a_row, arguments.a_block) = (UnsafePointer(x.base), k, kernel.c)
      (arguments.b, arguments.out, arguments.o_row, arguments.o_block) = (UnsafePointer(packed.base), out.base, n, kernel.c)
      arguments.epilogue.activation = ck_activation(kind: kind, p0: 0.1, p1: 100)
      let scratch = alignedBuffer(bytes: ck_f32_gemm_scratch_bytes(kernel.config, &arguments, 1))
      ck_f32_gemm(kernel.config, &arguments, scratch.base, 1)
      #expect((0..<n).allSatisfy { out.base[$0].isNaN }, "activation \(kind.rawValue)")
      if m > 1 { #expect((0..<n).allSatisfy { !out.base[n + $0].isNaN }, "activation \(kind.rawValue)") }
      if m > 2 {
        let wanted = Activations.apply(arguments.epilogue.activation, Double(k))
        let rest = Array(out.elements[(2 * n)...])
        #expect(firstDifference(rest, rest.map { _ in wanted }, relative: 1e-5) == nil, "activation \(kind.rawValue)")
      }
    }
  }
}
