#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes of one or more tensors: allocated here, 64-byte aligned, or borrowed from an owner such as a mapped file.
///
/// Every allocation whose size comes from outside goes through ``allocate(byteCount:)``, which throws where a Swift array
/// would end the process.
public final class TensorStorage: @unchecked Sendable {
  // Unchecked: bytes are written only before the storage is shared (`Tensor.init(…initializingWith:)`) or by a unique owner.
  package let base: UnsafeMutableRawPointer
  public let byteCount: Int
  private let owner: (any AnyObject & Sendable)?
  /// Bytes from `base` on that were mapped for this storage alone; 0 if they come from the allocator or an owner.
  private let mappedByteCount: Int

  /// True for bytes that were allocated here, false for borrowed ones.
  package var isOwned: Bool { owner == nil }

  /// The mapped file that the bytes are borrowed from, if they are.
  package var mappedFile: MappedFile? {
    switch owner {
    case let file as MappedFile: file.isMapped ? file : nil
    case let storage as TensorStorage: storage.mappedFile
    default: nil
    }
  }

  /// The alignment of allocated storage, in bytes: a cache line, and the widest vector.
  public static let alignment = 64

  private init(
    base: UnsafeMutableRawPointer, byteCount: Int, owner: (any AnyObject & Sendable)?, mappedByteCount: Int = 0
  ) {
    self.base = base
    self.byteCount = byteCount
    self.owner = owner
    self.mappedByteCount = mappedByteCount
  }

  deinit {
    if mappedByteCount > 0 { munmap(base, mappedByteCount) } else if owner == nil { free(base) }
  }

  /// Uninitialized bytes. Throws ``GraphError/Code/outOfMemory`` if the system has no room for them.
  public static func allocate(byteCount: Int) throws(GraphError) -> TensorStorage {
    var pointer: UnsafeMutableRawPointer?
    // Kernels may read up to one vector past the last element.
    let (padded, overflow) = max(byteCount, 1).addingReportingOverflow(alignment)
    guard byteCount >= 0, !overflow, byteCount <= memoryLimit,
      posix_memalign(&pointer, alignment, padded) == 0, let pointer
    else {
      throw GraphError(.outOfMemory, "cannot allocate \(byteCount) bytes", advice: "use smaller shapes")
    }
    return TensorStorage(base: pointer, byteCount: byteCount, owner: nil)
  }

  /// Uninitialized bytes that will stay for long, as working memory and packed weights do. From a megabyte on they are mapped for
  /// themselves, so that letting go of them gives them back to the system at once, and in huge pages where those fit, which
  /// kernels read with fewer misses of the address cache.
  package static func allocateLasting(byteCount: Int) throws(GraphError) -> TensorStorage {
    let hugePage = 2 << 20
    guard byteCount >= 1 << 20, byteCount <= memoryLimit, byteCount < Int.max - 2 * hugePage else {
      return try allocate(byteCount: byteCount)
    }
    let page = max(4096, sysconf(Int32(_SC_PAGESIZE)))
    let length = (byteCount + alignment + page - 1) / page * page
    guard let start = mmap(nil, length + hugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), start != MAP_FAILED
    else { return try allocate(byteCount: byteCount) }
    let before = (hugePage - Int(bitPattern: start) % hugePage) % hugePage
    let base = start + before
    if before > 0 { munmap(start, before) }
    munmap(base + length, hugePage - before)
    #if os(Linux)
      madvise(base, length, Int32(MADV_HUGEPAGE))
    #endif
    return TensorStorage(base: base, byteCount: byteCount, owner: nil, mappedByteCount: length)
  }

  /// Where an empty borrowed range points: never read.
  private nonisolated(unsafe) static let emptyBase = UnsafeRawPointer(
    UnsafeMutableRawPointer.allocate(byteCount: alignment, alignment: alignment))

  /// Bytes that `owner` keeps alive and unchanged.
  package static func borrowing(
    _ bytes: UnsafeRawBufferPointer, from owner: any AnyObject & Sendable
  ) -> TensorStorage {
    TensorStorage(
      base: UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? emptyBase),
      byteCount: bytes.count, owner: owner)
  }

  /// Gives the memory of bytes that are borrowed from a mapped file back to the system, which reads them again if they are
  /// touched: for weights that a kernel keeps in a form of its own. Does nothing for other bytes.
  package func releasePages(of range: Range<Int>) {
    guard mappedFile != nil, range.lowerBound >= 0, range.upperBound <= byteCount else { return }
    let page = sysconf(Int32(_SC_PAGESIZE))
    let first = (Int(bitPattern: base) + range.lowerBound + page - 1) / page * page
    let last = (Int(bitPattern: base) + range.upperBound) / page * page
    guard page > 0, last > first, let address = UnsafeMutableRawPointer(bitPattern: first) else { return }
    madvise(address, last - first, Int32(MADV_DONTNEED))
  }

  /// An overcommitting system grants any size and kills the process later, so a request above physical memory is refused here.
  /// Asked for once: it is a call of the system, and every small tensor passes here.
  private static let memoryLimit: Int = {
    let (bytes, overflow) = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
    return overflow || bytes <= 0 ? Int.max : bytes
  }()
}
