import CKernels
import Testing

@Suite struct MatmulTests {
  /// Order of a matrix in memory: rows, columns, or rows with gaps between all elements.
  enum Order: CaseIterable {
    case rows, columns, spread

    /// Strides of a `[height, width]` matrix and the floats it covers.
    func strides(height: Int, width: Int) -> (row: Int, column: Int, size: Int) {
      switch self {
      case .rows: (width, 1, height * width)
      case .columns: (1, height, height * width)
      case .spread: (2 * width + 1, 2, height * (2 * width + 1))
      }
    }
  }

  @Test("multiplies strided, transposed and broadcast batches", arguments: GemmKernel.all)
  func batches(kernel: GemmKernel) {
    var numbers = Numbers(seed: 31)
    for round in 0..<60 {
      let m = Int.random(in: 1...(2 * kernel.mr + 1), using: &numbers),
        n = Int.random(in: 1...(2 * kernel.nr + 1), using: &numbers)
      let k = Int.random(in: 1...40, using: &numbers), outer = Int.random(in: 1...2, using: &numbers)
      let inner = Int.random(in: 1...4, using: &numbers), threads = Int32.random(in: 1...3, using: &numbers)
      let a = Order.allCases[round % 3].strides(height: m, width: k)
      let b = Order.allCases[round / 3 % 3].strides(height: k, width: n)
      let sharesB = Bool.random(using: &numbers), hasResidual = Bool.random(using: &numbers)

      let x = GuardedBuffer(numbers.floats(a.size * outer * inner)), y = GuardedBuffer(numbers.floats(b.size * outer * inner))
      let mask = GuardedBuffer(numbers.floats(outer * n))
      // The result is [outer, m, inner, n], as attention wants it.
      let out = GuardedBuffer(count: outer * m * inner * n, repeating: Float.nan)
      var arguments = ck_f32_matmul_args()
      (arguments.m, arguments.n, arguments.k) = (m, n, k)
      arguments.batch = (1, outer, 1, inner)
      (arguments.a, arguments.a_row, arguments.a_column) = (UnsafePointer(x.base), a.row, a.column)
      arguments.a_batch = (0, inner * a.size, 0, a.size)
      (arguments.b, arguments.b_row, arguments.b_column) = (UnsafePointer(y.base), b.row, b.column)
      arguments.b_batch = (0, sharesB ? 0 : inner * b.size, 0, b.size)
      (arguments.out, arguments.o_row) = (out.base, inner * n)
      arguments.o_batch = (0, m * inner * n, 0, n)
      arguments.epilogue.scale = 0.5
      if hasResidual {
        arguments.epilogue.residual = UnsafePointer(mask.base)
        arguments.r_batch = (0, n, 0, 0)
      }
      let scratch = alignedBuffer(bytes: ck_f32_matmul_scratch_bytes(kernel.config, &arguments, threads))
      ck_f32_matmul(kernel.config, &arguments, scratch.base, threads)

      var wanted = [Double]()
      for i in 0..<outer {
        for row in 0..<m {
          for j in 0..<inner {
            let from = (i * inner + j) * a.size, second = ((sharesB ? 0 : i * inner) + j) * b.size
            for column in 0..<n {
              var sum = 0.0
              for l in 0..<k {
                sum += Double(x.base[from + row * a.row + l * a.column]) * Double(y.base[second + l * b.row + column * b.column])
              }
              wanted.append(sum / 2 + (hasResidual ? Double(mask.base[i * n + column]) : 0))
            }
          }
        }
      }
      let difference = firstDifference(out.elements, wanted, relative: 1e-5, absolute: 1e-4)
      #expect(difference == nil, "m \(m) n \(n) k \(k) outer \(outer) inner \(inner) round \(round)")
      #expect(out.isIntact && scratch.isIntact)
    }
  }

  @Test("gives the same bits for every number of threads", arguments: GemmKernel.all)
  func threads(kernel: GemmKernel) {
    var numbers = Numbers(seed: 32)
    let m = 97, n = 131, k = 67
    for batch in [1, 3, 12] {
      let x = GuardedBuffer(numbers.floats(batch * m * k)), y = GuardedBuffer(numbers.floats(batch * k * n))
      let results = [1, 2, 5].map { threads in
        let out = GuardedBuffer(count: batch * m * n, repeating: Float.nan)
        var arguments = ck_f32_matmul_args()
        (arguments.m, arguments.n, arguments.k) = (m, n, k)
        arguments.batch = (1, 1, 1, batch)
        (arguments.a, arguments.a_row, arguments.a_column, arguments.a_batch.3) = (UnsafePointer(x.base), k, 1, m * k)
        (arguments.b, arguments.b_row, arguments.b_column, arguments.b_batch.3) = (UnsafePointer(y.base), 1, k, k * n)
        (arguments.out, arguments.o_row, arguments.o_batch.3) = (out.base, n, m * n)
        let scratch = alignedBuffer(bytes: ck_f32_matmul_scratch_bytes(kernel.config, &arguments, Int32(threads)))
        ck_f32_matmul(kernel.config, &arguments, scratch.base, Int32(threads))
        return out.elements
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }
}
