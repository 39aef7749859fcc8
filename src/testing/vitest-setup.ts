import { readDataFromFiles } from '../repo/data-files.ts';

readDataFromFiles();
