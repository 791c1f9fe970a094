//! One table of a segment as one Arrow IPC file: uncompressed, one record batch, no nulls, mapped into memory.
//!
//! Any Arrow tool reads these files. Reading goes through the verified flatbuffers of the format, and
//! every offset is checked before it is used: a damaged file is an error, never a panic.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::mem::{align_of, size_of};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_ipc::{MessageHeader, MetadataVersion, root_as_footer, root_as_message};
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use memmap2::Mmap;

use super::error::CubeError;

const MAGIC: &[u8; 6] = b"ARROW1";
/// Length of the footer (i32) and the magic after it.
const TRAILER_BYTES: usize = 10;
/// Continuation marker (u32) and length of the message (i32).
const PREFIX_BYTES: usize = 8;

/// A column to be written.
pub(super) enum Column {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    I64(Vec<i64>),
}

impl Column {
    fn into_array(self) -> ArrayRef {
        match self {
            Self::U8(values) => Arc::new(UInt8Array::from(values)),
            Self::U16(values) => Arc::new(UInt16Array::from(values)),
            Self::U32(values) => Arc::new(UInt32Array::from(values)),
            Self::I64(values) => Arc::new(Int64Array::from(values)),
        }
    }
}

/// Writes `columns` to `path` and brings them to the disk.
pub(super) fn write(
    path: &Path,
    metadata: HashMap<String, String>,
    columns: Vec<(&str, Column)>,
) -> Result<(), CubeError> {
    let encode = |source| CubeError::Encode { path: path.to_owned(), source };
    let (names, arrays): (Vec<&str>, Vec<ArrayRef>) =
        columns.into_iter().map(|(name, column)| (name, column.into_array())).unzip();
    let fields: Vec<Field> =
        names.iter().zip(&arrays).map(|(name, array)| Field::new(*name, array.data_type().clone(), false)).collect();
    let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(encode)?;
    let file = File::create(path).map_err(CubeError::io("create", path))?;
    let options = IpcWriteOptions::try_new(64, false, MetadataVersion::V5).map_err(encode)?;
    let mut writer = FileWriter::try_new_with_options(BufWriter::new(file), &schema, options).map_err(encode)?;
    writer.write(&batch).map_err(encode)?;
    writer.finish().map_err(encode)?;
    let file = writer
        .into_inner()
        .map_err(encode)?
        .into_inner()
        .map_err(|error| CubeError::io("write", path)(error.into_error()))?;
    file.sync_all().map_err(CubeError::io("bring to disk", path))
}

/// A mapped table. Columns taken from it keep the mapping alive.
pub(super) struct Table {
    path: PathBuf,
    /// Rows of every column.
    pub(super) rows: usize,
    metadata: HashMap<String, String>,
    columns: HashMap<String, (DataType, Buffer)>,
}

impl Table {
    /// Maps the file at `path` and checks its structure.
    pub(super) fn open(path: PathBuf) -> Result<Self, CubeError> {
        let file = File::open(&path).map_err(CubeError::io("open", &path))?;
        #[expect(
            unsafe_code,
            reason = "mapping a file is unsafe because others may write to it; segments are immutable once renamed into place"
        )]
        // SAFETY: the file belongs to a segment directory that nothing writes to after its rename; it is only ever unlinked whole.
        let map = unsafe { Mmap::map(&file) }.map_err(CubeError::io("map", &path))?;
        let data = Buffer::from(Bytes::from_owner(map));
        let (schema, block) = read_footer(&path, &data)?;
        let (rows, buffers) = read_batch(&path, &data, block, schema.fields().len())?;
        let columns = schema
            .fields()
            .iter()
            .zip(buffers)
            .map(|(field, buffer)| (field.name().clone(), (field.data_type().clone(), buffer)))
            .collect();
        Ok(Self { path, rows, metadata: schema.metadata().clone().into(), columns })
    }

    /// An integer of the file's metadata.
    pub(super) fn number(&self, key: &str) -> Result<i64, CubeError> {
        self.metadata
            .get(key)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| CubeError::damaged(&self.path, format!("its metadata has no number {key:?}")))
    }

    /// A list of bytes of the file's metadata.
    pub(super) fn list(&self, key: &str) -> Result<Vec<u8>, CubeError> {
        let text = self
            .metadata
            .get(key)
            .ok_or_else(|| CubeError::damaged(&self.path, format!("its metadata has no {key:?}")))?;
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(|part| {
                part.parse()
                    .map_err(|_| CubeError::damaged(&self.path, format!("{key:?} of its metadata is not a list")))
            })
            .collect()
    }

    /// The column `name`, of bytes.
    pub(super) fn u8(&self, name: &str) -> Result<ScalarBuffer<u8>, CubeError> {
        self.column(name, &DataType::UInt8)
    }

    /// The column `name`, of 16-bit numbers.
    pub(super) fn u16(&self, name: &str) -> Result<ScalarBuffer<u16>, CubeError> {
        self.column(name, &DataType::UInt16)
    }

    /// The column `name`, of 32-bit numbers.
    pub(super) fn u32(&self, name: &str) -> Result<ScalarBuffer<u32>, CubeError> {
        self.column(name, &DataType::UInt32)
    }

    /// The column `name`, of 64-bit signed numbers.
    pub(super) fn i64(&self, name: &str) -> Result<ScalarBuffer<i64>, CubeError> {
        self.column(name, &DataType::Int64)
    }

    fn column<T: ArrowNativeType>(&self, name: &str, wanted: &DataType) -> Result<ScalarBuffer<T>, CubeError> {
        let (found, buffer) = self
            .columns
            .get(name)
            .ok_or_else(|| CubeError::damaged(&self.path, format!("it has no column {name:?}")))?;
        if found != wanted {
            return Err(CubeError::damaged(&self.path, format!("column {name:?} is {found}, not {wanted}")));
        }
        let bytes = self.rows.checked_mul(size_of::<T>());
        if bytes.is_none_or(|bytes| bytes > buffer.len()) || !(buffer.as_ptr() as usize).is_multiple_of(align_of::<T>())
        {
            return Err(CubeError::damaged(&self.path, format!("column {name:?} is too short or not aligned")));
        }
        Ok(ScalarBuffer::new(buffer.clone(), 0, self.rows))
    }
}

/// Where the one record batch stands: offset, length of its metadata, length of its body.
struct Block {
    offset: usize,
    metadata_bytes: usize,
    body_bytes: usize,
}

fn read_footer(path: &Path, data: &Buffer) -> Result<(Schema, Block), CubeError> {
    let damaged = |reason: String| CubeError::damaged(path, reason);
    let bytes = data.as_slice();
    let Some((head, trailer)) = bytes.split_last_chunk::<TRAILER_BYTES>() else {
        return Err(damaged(format!("it has only {} bytes", bytes.len())));
    };
    if !bytes.starts_with(MAGIC) || !trailer.ends_with(MAGIC) {
        return Err(damaged("it does not begin and end as an Arrow file".into()));
    }
    let length = i32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
    let footer = usize::try_from(length)
        .ok()
        .and_then(|length| head.len().checked_sub(length))
        .and_then(|start| head.get(start..))
        .ok_or_else(|| damaged(format!("its footer cannot be {length} bytes long")))?;
    let footer = root_as_footer(footer).map_err(|error| damaged(format!("its footer is not readable: {error}")))?;
    let schema = footer.schema().ok_or_else(|| damaged("its footer has no schema".into()))?;
    let schema = arrow_ipc::convert::try_fb_to_schema(schema).map_err(|error| damaged(error.to_string()))?;
    let blocks = footer.recordBatches().ok_or_else(|| damaged("it has no record batch".into()))?;
    if blocks.len() != 1 {
        return Err(damaged(format!("it has {} record batches, not one", blocks.len())));
    }
    let block = blocks.get(0);
    let number = |value: i64| usize::try_from(value).map_err(|_| damaged("its record batch stands nowhere".into()));
    let block = Block {
        offset: number(block.offset())?,
        metadata_bytes: number(i64::from(block.metaDataLength()))?,
        body_bytes: number(block.bodyLength())?,
    };
    Ok((schema, block))
}

/// The number of rows and, for each field, its values.
fn read_batch(path: &Path, data: &Buffer, block: Block, fields: usize) -> Result<(usize, Vec<Buffer>), CubeError> {
    let damaged = |reason: &str| CubeError::damaged(path, reason);
    let body_start =
        block.offset.checked_add(block.metadata_bytes).ok_or_else(|| damaged("its record batch stands nowhere"))?;
    let message = data.get(block.offset..body_start).ok_or_else(|| damaged("its record batch lies beyond its end"))?;
    let message = message.get(PREFIX_BYTES..).ok_or_else(|| damaged("its record batch has no header"))?;
    let message =
        root_as_message(message).map_err(|error| damaged(&format!("its record batch is not readable: {error}")))?;
    if message.header_type() != MessageHeader::RecordBatch {
        return Err(damaged("its record batch is something else"));
    }
    let batch = message.header_as_record_batch().ok_or_else(|| damaged("its record batch is empty"))?;
    if batch.compression().is_some() {
        return Err(damaged("it is compressed"));
    }
    let rows = usize::try_from(batch.length()).map_err(|_| damaged("it has a negative number of rows"))?;
    let nodes = batch.nodes().ok_or_else(|| damaged("its record batch has no columns"))?;
    let buffers = batch.buffers().ok_or_else(|| damaged("its record batch has no values"))?;
    // A column without nulls has two buffers: the validity map, which may be empty, and the values.
    if nodes.len() != fields || buffers.len() != 2 * fields {
        return Err(damaged("its columns are not those of its schema"));
    }
    let mut columns = Vec::with_capacity(fields);
    for at in 0..fields {
        if nodes.get(at).length() != batch.length() || nodes.get(at).null_count() != 0 {
            return Err(damaged("its columns differ in length or have gaps"));
        }
        let values = buffers.get(2 * at + 1);
        let start = usize::try_from(values.offset()).ok();
        let length = usize::try_from(values.length()).ok();
        let (Some(start), Some(length)) = (start, length) else { return Err(damaged("a column stands nowhere")) };
        let inside = start.checked_add(length).is_some_and(|end| end <= block.body_bytes);
        let end = body_start.checked_add(start).and_then(|begin| begin.checked_add(length));
        if !inside || end.is_none_or(|end| end > data.len()) {
            return Err(damaged("a column lies beyond its end"));
        }
        columns.push(data.slice_with_length(body_start + start, length));
    }
    Ok((rows, columns))
}
