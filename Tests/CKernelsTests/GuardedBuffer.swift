import Foundation

/// Memory that ends right before a page nobody may touch, so that one byte read or written past the end stops the test.
///
/// The bytes before the elements hold a pattern; ``isIntact`` tells whether somebody wrote there.
final class GuardedBuffer<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  private let region: UnsafeMutableRawPointer
  private let mapped: Int
  private let slack: Int

  /// - Parameter misaligned: elements left free between the last element and the guard page.
  init(count: Int, repeating value: Element, misaligned: Int = 0) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = (count + misaligned) * MemoryLayout<Element>.stride
    let pages = (bytes + page - 1) / page * page + page
    mapped = pages + page
    region = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    mprotect(region + pages, page, PROT_NONE)
    slack = pages - bytes
    memset(region, 0xA5, slack)
    base = (region + slack).bindMemory(to: Element.self, capacity: count + misaligned)
    base.initialize(repeating: value, count: count + misaligned)
    self.count = count
  }

  convenience init(_ elements: [Element], misaligned: Int = 0) where Element: ExpressibleByIntegerLiteral {
    self.init(count: elements.count, repeating: 0, misaligned: misaligned)
    for (index, element) in elements.enumerated() { base[index] = element }
  }

  deinit { munmap(region, mapped) }

  var isIntact: Bool {
    guard slack > 0 else { return true }
    return region.load(as: UInt8.self) == 0xA5 && memcmp(region, region + 1, slack - 1) == 0
  }
  var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
