import CKernels
import CKernelsChecks
import Testing

@Suite("image kernels at the levels of the processor")
struct ImageLevelTests {
  static let levels = (0..<8).compactMap { ck_image_kernels_at($0).map { String(cString: $0.pointee.level) } }

  @Test("compute the same bits as the plainest", arguments: levels)
  func bits(level: String) throws {
    let place = try #require(Self.levels.firstIndex(of: level))
    let kernels = try #require(ck_image_kernels_at(place))
    for seed in UInt64(1)...2 {
      var message = [CChar](repeating: 0, count: 128)
      let failed = ck_image_check_level(kernels, seed, &message, message.count)
      #expect(
        failed == 0, "seed \(seed): \(message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })")
    }
  }

  @Test("are chosen by instruction sets")
  func choice() {
    func best(_ isa: Int) -> String { String(cString: ck_image_kernels_select(UInt32(isa)).pointee.level) }
    #expect(best(Int(ck_cpu_isa_mask())) == Self.levels.last)
    #expect(best(Int(CK_ISA_SCALAR)) == "scalar" && best(0) == "scalar")
    for level in Self.levels { #expect(best(Int(ck_cpu_limit_isa(ck_cpu_isa_mask(), level))) == level) }
    #expect(ck_image_kernels_at(Self.levels.count) == nil)
  }
}
