package certservice.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.store.fs.FileBaseDefault;

/**
 * Keeps an H2 file so that it is opened as it was written last, at whatever moment its process is killed.
 *
 * <p>H2 writes what was committed as a chunk, at the end of the file or into a gap. Each chunk lists the others that
 * are in use. The file's header, twice at its beginning, names a chunk from which the newest can be reached as long as
 * each was written where the one before had foretold. As of 2.5.252 H2 loses its way in three cases:
 *
 * <ul>
 * <li>Where a chunk was not foretold, the header is written anew, but about the chunk before the newest: a process that
 * is killed then leaves a file in which an older chunk is taken for the newest. So the header is written here after
 * each chunk, about this very chunk, and a header of H2's about an older one becomes this one.
 * <li>A chunk in a gap overwrites one that is no longer used, but is still listed by the chunk before. A kill at that
 * moment leaves a list that is not true, or a whole chunk that nobody knows, which is taken for a later one of the same
 * number. So such a chunk is written to the end of the file first, and the header names that copy until the gap is
 * filled.
 * <li>A file that was closed is opened by a shorter way: it gives the newest chunk up when an unused one that it lists
 * is not there. So the header never says "clean", and a file is opened the long way, which does not.
 * </ul>
 *
 * <p>A chunk is forced to the disk before the header names it: a power cut must not leave a header without its chunk.
 *
 * <p>Whatever is not recognized, such as an encrypted file, is written as it comes. The format is that of the
 * <a href="https://h2database.com/html/mvstore.html#file_format">MVStore</a>, version 3.
 */
final class CurrentFileChannel extends FileBaseDefault {

    private static final int BLOCK = 4096;
    private static final int FOOTER = 128;
    private static final byte[] CHUNK = "chunk:".getBytes(StandardCharsets.ISO_8859_1);
    private static final String CHECKSUM = ",fletcher:";

    private static final String CLEAN = "clean";
    private static final List<String> OF_CHUNK = List.of("block", "chunk", "version");

    private final FileChannel file;

    /** What else a header says; {@code null} if it is not known yet. */
    private Map<String, String> ofFile;

    /** The newest chunk, as a header says it. What is in the file before, H2 judges when it opens it. */
    private Map<String, String> newest;

    CurrentFileChannel(FileChannel file) {
        this.file = file;
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
        int length = source.remaining();
        Map<String, String> header = position == 0 ? checked(source, 0, BLOCK) : null;
        if (header != null) {
            writeHeader(header);
            source.position(source.limit());
            return length;
        }
        Map<String, String> chunk = chunk(source);
        if (chunk != null && (newest == null || version(chunk) > version(newest)) && knowsFile()) {
            writeChunk(source, position, chunk);
        } else {
            writeFully(source, position);
        }
        return length;
    }

    /** A file is closed, or set back, with a header of which H2 is sure; of another one it is the chunk before. */
    private void writeHeader(Map<String, String> header) throws IOException {
        ofFile = new HashMap<>(header);
        ofFile.keySet().removeAll(OF_CHUNK);
        boolean sure = ofFile.remove(CLEAN) != null;
        if (newest == null || sure || version(header) >= version(newest)) {
            newest = new HashMap<>(header);
            newest.keySet().retainAll(OF_CHUNK);
        }
        writeHeader();
    }

    private void writeChunk(ByteBuffer source, long position, Map<String, String> chunk) throws IOException {
        long end = Math.max(file.size(), position + source.remaining());
        boolean intoGap = position < file.size();
        if (intoGap) {
            long copy = (end + BLOCK - 1) / BLOCK * BLOCK;
            writeNewest(source.duplicate(), copy, chunk);
        }
        writeNewest(source, position, chunk);
        if (intoGap) {
            file.truncate(end);
        }
    }

    private void writeNewest(ByteBuffer source, long position, Map<String, String> chunk) throws IOException {
        writeFully(source, position);
        file.force(false);
        newest = new HashMap<>(chunk);
        newest.put("block", Long.toHexString(position / BLOCK));
        writeHeader();
    }

    private boolean knowsFile() throws IOException {
        for (int copy = 0; ofFile == null && copy < 2; copy++) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            file.read(block, (long) copy * BLOCK);
            ofFile = checked(block.flip(), 0, BLOCK);
        }
        if (ofFile != null) {
            ofFile.keySet().removeAll(OF_CHUNK);
            ofFile.remove(CLEAN);
        }
        return ofFile != null;
    }

    /** Both copies, as H2 does it: one of them is whole at any moment. */
    private void writeHeader() throws IOException {
        HashMap<String, String> header = new HashMap<>(ofFile);
        header.putAll(newest);
        String text = DataUtils.appendMap(new StringBuilder(), header).toString();
        byte[] bytes = (text + CHECKSUM + Integer.toHexString(checksum(text)) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        writeFully(ByteBuffer.allocate(2 * BLOCK).put(0, bytes).put(BLOCK, bytes), 0);
    }

    /** @return chunk and version, if this is a chunk, in hexadecimal digits as in a header; else {@code null} */
    private static Map<String, String> chunk(ByteBuffer source) {
        if (source.remaining() < BLOCK
                || !ByteBuffer.wrap(CHUNK).equals(source.slice(source.position(), CHUNK.length))) {
            return null;
        }
        Map<String, String> footer = checked(source, source.remaining() - FOOTER, FOOTER);
        if (footer != null) {
            footer.keySet().retainAll(OF_CHUNK);
        }
        return footer;
    }

    /** @return the names and values of a header or footer whose checksum is right; else {@code null} */
    private static Map<String, String> checked(ByteBuffer source, int offset, int length) {
        if (source.remaining() < offset + length) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.get(source.position() + offset, bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).trim();
        int end = text.indexOf(CHECKSUM);
        try {
            return end > 0 && text.substring(end + CHECKSUM.length()).equals(
                    Integer.toHexString(checksum(text.substring(0, end)))) ? DataUtils.parseMap(text.substring(0, end))
                    : null;
        } catch (MVStoreException noneOfThem) {
            return null;
        }
    }

    private static int checksum(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return DataUtils.getFletcher32(bytes, 0, bytes.length);
    }

    private static long version(Map<String, String> header) {
        return DataUtils.readHexLong(header, "version", 0);
    }

    private void writeFully(ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += file.write(source, at);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
        file.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
        file.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }
}
