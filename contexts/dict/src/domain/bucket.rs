//! Token buckets that may go into debt, and the directory's policies (DICT API 2.6.1, "Limitação de requisições";
//! Manual Operacional do DICT, 13.1 and 14).
